"""Other names under which files carry a field, in English and Chinese, besides its own key and label."""

from __future__ import annotations

ADDRESS = "street, street address, 地址, 详细地址, 通讯地址"
AMOUNT = "value, close value, deal value, 金额, 预计金额"
BIRTH = "birthday, birthdate, birth date, date of birth, born, 生日, 出生日期"
CATEGORY = "class, grade, rating, 类别, 分类, 级别, 客户级别"
CITY = "town, 城市, 所在城市"
CLOSED = "close date, closing date, 关闭日期, 成交日期, 结束日期"
CODE = (
    "customer id, customer code, customer no, customer number, account number, id, "
    "编号, 编码, 代码, 客户编号, 客户编码, 客户代码"
)
CONTACT = "contact, contact name, full name, 姓名, 名称, 联系人, 联系人姓名"
CONTRACT_NUMBER = "contract no, contract number, contract id, 合同号, 合同编号, 编号"
CONTRACT_TITLE = "contract, contract title, subject, 合同名称, 标题, 名称"
COST = "cost, cost price, purchase price, 成本, 单位成本, 进价, 成本价"
CURRENCY = "currency code, 币种, 货币"
CUSTOMER = (
    "customer id, customer code, customer no, customer name, company, account, household id, "
    "客户, 客户编号, 客户代码, 客户名称, 所属客户, 公司, 会员号"
)
DATE = (
    "invoice date, order date, sale date, purchase date, transaction date, 日期, 销售日期, 订单日期, 开票日期, 购买日期"
)
DEPARTMENT = "dept, division, 部门"
DISCOUNT = "discount percent, 折扣, 折扣率, 优惠"
EDUCATION = "degree, 学历, 教育程度"
EMAIL = "mail, email address, 邮箱, 电子邮件, 电子邮箱"
EMPLOYEES = "employee count, headcount, staff, 员工数, 人数, 员工人数"
END = "end date, expires, expiry, 结束日期, 到期日期, 终止日期"
EXPECTED = "expected close date, 预计成交日期, 预计关闭日期"
GENDER = "sex, 性别"
INCOME = "income, 收入, 收入水平"
INDUSTRY = "sector, 行业, 所属行业"
KIND = "type, customer type, 类型, 客户类型, 性质"
LAUNCHED = "launch date, introduced, 上市日期, 上架日期"
LOST_REASON = "loss reason, 丢单原因, 失败原因"
NAME = (
    "customer, customer name, company, company name, account, full name, "
    "名称, 姓名, 客户, 客户名, 客户名称, 公司, 公司名称, 单位名称"
)
OPENED = "created, open date, engage date, start date, 创建日期, 开始日期, 立项日期"
OPPORTUNITY = "opportunity, opportunity name, deal, deal name, 名称, 商机, 机会名称, 商机名称"
OPPORTUNITY_NUMBER = "opportunity id, opportunity number, deal id, id, 编号, 机会编号, 商机编号"
OWNER = "sales rep, sales agent, salesperson, account manager, responsible, 负责人, 客户经理, 业务员, 销售员"
PARENT = "parent company, parent account, head office, 上级客户, 母公司, 总公司"
PHONE = "telephone, tel, mobile, mobile phone, phone number, 电话, 手机, 手机号, 联系电话, 电话号码"
PRICE = "price, unit price, retail price, 价格, 单价, 定价, 标价, 售价"
PRIMARY = "main, is primary, primary contact, 主要联系人, 首要联系人, 是否主要"
PROBABILITY = "chance, win probability, 概率, 赢率, 成功率"
PRODUCT = "description, product, product name, item name, 名称, 品名, 产品, 产品名称, 商品名称"
PRODUCT_CATEGORY = "product category, department, group, 类别, 分类, 产品类别, 品类"
PRODUCT_SOLD = "sku, item, 产品, 商品"
QUANTITY = "qty, units, count, 数量, 件数"
REGION = "area, country, province, state, 地区, 区域, 省份, 国家"
RETIRED = "discontinued, end of life, 停售日期, 下架日期, 退市日期"
REVENUE = "turnover, revenue, sales, 年收入, 年营业额, 营业额"
ROLE = "decision role, 决策角色, 角色"
SALE_NUMBER = (
    "invoice no, invoice, invoice number, order, order no, order id, order number, sale, receipt no, transaction id, "
    "basket id, 单号, 订单号, 订单编号, 发票号, 销售单号, 编号"
)
SALES_STAGE = "sales stage, deal stage, pipeline stage, 阶段, 销售阶段"
SINCE = (
    "since, created at, created on, acquired, acquired on, first contact, 建档日期, 创建日期, 开户日期, 成为客户日期"
)
SIGNED = "signed on, signing date, contract date, date, 签订日期, 签约日期, 日期"
SKU = (
    "stock code, item code, product code, product id, item, article number, "
    "货号, 产品编号, 产品编码, 商品编号, 商品编码, 编码, 编号"
)
SOURCE = "lead source, origin, 来源, 客户来源, 商机来源"
STAGE = "life cycle, lifecycle, lifecycle stage, status, 阶段, 生命周期, 客户阶段"
START = "start date, begins, effective date, 开始日期, 生效日期, 起始日期"
STATUS = "state, 状态, 合同状态"
TAGS = "labels, keywords, 标签"
TIER = "membership, member level, 等级, 会员等级"
TITLE = "position, job, 职务, 职位, 头衔"
UNIT = "unit of measure, uom, 单位, 计量单位"
WEBSITE = "web, url, homepage, 网站, 网址, 官网"
