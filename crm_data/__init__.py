"""Everything Guanxi knows about customers, sales, satisfaction and campaigns, without any screen."""
