"""What may be done with opportunities, and what follows from it."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm_data.access import Actor
from crm_data.errors import ConflictError, InvalidFormError, NotAllowedError, NotFoundError
from crm_data.models import Opportunity, OpportunityLine
from crm_data.services import opportunities
from crm_data.vocabulary import LostReason, Role, Scope, StageKind
from tests import factories


def made(session: Session, actor: Actor, **wanted: object) -> Opportunity:
    owner = actor.user_id or factories.a_user(session).id
    customer = factories.a_customer(session, owner_id=owner)
    return opportunities.create(
        session, actor, values={"customer_id": customer.id, "name": "A chance", "owner_id": owner} | wanted
    )


def problems(caught: pytest.ExceptionInfo[InvalidFormError]) -> list[str]:
    return [problem.field for problem in caught.value.problems]


def test_a_new_opportunity_starts_in_the_first_stage_with_a_number(session: Session, seller: Actor) -> None:
    row = made(session, seller)
    assert (row.number, row.probability, row.currency) == (f"O-2026-{row.id:05d}", 10, "CNY")


def test_a_number_that_an_import_brought_is_not_given_twice(session: Session, root: Actor) -> None:
    first = made(session, root)
    made(session, root, number=f"O-2026-{first.id + 2:05d}")
    assert made(session, root).number == f"O-2026-{first.id + 2:05d}-2"


def test_a_name_with_markup_is_only_stored(session: Session, seller: Actor) -> None:
    assert made(session, seller, name="<b>*x*</b> $1$").name == "<b>*x*</b> $1$"


def test_an_opportunity_needs_a_visible_customer(session: Session, seller: Actor) -> None:
    hidden = factories.a_customer(session, owner_id=factories.a_user(session).id)
    with pytest.raises(NotFoundError):
        opportunities.create(session, seller, values={"customer_id": hidden.id, "name": "A"})


def test_a_guessed_number_leads_nowhere(session: Session, seller: Actor) -> None:
    theirs = factories.an_opportunity(session, factories.a_customer(session, owner_id=factories.a_user(session).id))
    won = factories.stage(session, "won").id
    with pytest.raises(NotFoundError):
        opportunities.move(session, seller, theirs.id, to=won)


def test_the_probability_follows_the_stage(session: Session, seller: Actor) -> None:
    row = made(session, seller)
    opportunities.move(session, seller, row.id, to=factories.stage(session, "needs").id)
    assert row.probability == 25


def test_a_probability_of_zero_is_kept_through_the_stages(session: Session, seller: Actor) -> None:
    row = made(session, seller, probability=0)
    opportunities.move(session, seller, row.id, to=factories.stage(session, "needs").id)
    assert (row.probability, row.probability_set) == (0, True)


def test_an_emptied_probability_follows_the_stage_again(session: Session, seller: Actor) -> None:
    row = made(session, seller, probability=90)
    opportunities.edit(session, seller, row.id, version=1, base={"probability": 90}, mine={"probability": None})
    assert (row.probability, row.probability_set) == (10, False)


def test_a_won_opportunity_needs_an_amount(session: Session, seller: Actor) -> None:
    row = made(session, seller)
    with pytest.raises(InvalidFormError) as caught:
        opportunities.move(session, seller, row.id, to=factories.stage(session, "won").id)
    assert problems(caught) == ["amount"]


def test_a_lost_opportunity_needs_a_reason(session: Session, seller: Actor) -> None:
    row = made(session, seller)
    with pytest.raises(InvalidFormError) as caught:
        opportunities.move(session, seller, row.id, to=factories.stage(session, "lost").id)
    assert problems(caught) == ["lost_reason"]


def test_a_stage_asks_for_what_its_administrator_wants(session: Session, seller: Actor) -> None:
    place = factories.stage(session, "needs")
    place.required_fields = ["next_step"]
    row = made(session, seller)
    with pytest.raises(InvalidFormError) as caught:
        opportunities.move(session, seller, row.id, to=place.id)
    assert problems(caught) == ["next_step"]


def test_closing_sets_outcome_day_and_certainty(session: Session, seller: Actor) -> None:
    row = made(session, seller, amount=5_000, probability=30)
    day = date(2026, 6, 15)
    opportunities.move(session, seller, row.id, to=factories.stage(session, "won").id, values={"closed_on": day})
    assert (row.outcome, row.closed_on, row.probability) == (StageKind.WON, day, 100)


def test_an_opportunity_is_not_closed_tomorrow(session: Session, seller: Actor) -> None:
    row = made(session, seller, amount=5_000)
    with pytest.raises(InvalidFormError) as caught:
        opportunities.move(
            session, seller, row.id, to=factories.stage(session, "won").id, values={"closed_on": date(2026, 6, 16)}
        )
    assert problems(caught) == ["closed_on"]


def test_opening_it_again_clears_what_closing_set(session: Session, seller: Actor) -> None:
    row = made(session, seller)
    lost, needs = factories.stage(session, "lost").id, factories.stage(session, "needs").id
    opportunities.move(session, seller, row.id, to=lost, values={"lost_reason": LostReason.PRICE})
    opportunities.move(session, seller, row.id, to=needs)
    assert (row.outcome, row.closed_on, row.lost_reason, row.probability) == (StageKind.OPEN, None, None, 25)


def test_two_people_moving_it_to_different_stages_meet_a_question(session: Session, root: Actor) -> None:
    row = made(session, root)
    seen, needs = row.stage_id, factories.stage(session, "needs").id
    opportunities.move(session, root, row.id, to=needs, came_from=seen)
    lost = factories.stage(session, "lost").id
    with pytest.raises(ConflictError) as caught:
        opportunities.move(session, root, row.id, to=lost, came_from=seen, values={"lost_reason": LostReason.PRICE})
    assert caught.value.fields["stage_id"].theirs == needs


def test_two_people_moving_it_to_the_same_stage_agree(session: Session, root: Actor) -> None:
    row = made(session, root)
    seen, needs = row.stage_id, factories.stage(session, "needs").id
    for _ in range(2):
        opportunities.move(session, root, row.id, to=needs, came_from=seen)
    assert row.stage_id == needs


def test_the_amount_is_the_sum_of_the_lines_in_a_currency_without_cents(session: Session, root: Actor) -> None:
    row = made(session, root, currency="JPY")
    product = factories.a_product(session).id
    line = {"product_id": product, "quantity_e3": 1_500, "unit_price_e4": 10_010_000, "discount_bp": 1_000}
    opportunities.save_lines(session, root, row.id, base=[], mine=[line, line])
    assert row.amount == 2 * 1_351  # 1.5 × 1,001 − 10 % = 1,351.35, each rounded to a whole yen


def test_a_line_takes_the_list_price_when_none_is_given(session: Session, root: Actor) -> None:
    row = made(session, root)
    line = {"product_id": factories.a_product(session).id, "quantity_e3": 2_000}
    opportunities.save_lines(session, root, row.id, base=[], mine=[line])
    assert row.amount == 20_000


def test_the_amount_of_an_opportunity_with_lines_is_not_typed(session: Session, root: Actor) -> None:
    row = made(session, root)
    line = {"product_id": factories.a_product(session).id, "quantity_e3": 1_000}
    opportunities.save_lines(session, root, row.id, base=[], mine=[line])
    with pytest.raises(Exception, match="sum of the lines"):
        opportunities.edit(session, root, row.id, version=row.version, base={"amount": 10_000}, mine={"amount": 1})


def shown(line: OpportunityLine) -> dict[str, int]:
    return {name: getattr(line, name) for name in
            ("id", "version", "product_id", "quantity_e3", "unit_price_e4", "discount_bp")}  # fmt: skip


def test_what_another_adds_meanwhile_stays_among_the_lines(session: Session, root: Actor) -> None:
    row = made(session, root)
    product = factories.a_product(session).id
    for _ in range(2):
        opportunities.save_lines(session, root, row.id, base=[], mine=[{"product_id": product, "quantity_e3": 1_000}])
    first = session.scalars(select(OpportunityLine).order_by(OpportunityLine.id)).first()
    assert first is not None
    opportunities.save_lines(session, root, row.id, base=[shown(first)], mine=[])
    assert row.amount == 10_000


def test_a_line_that_two_people_change_is_not_overwritten(session: Session, root: Actor) -> None:
    row = made(session, root)
    product = factories.a_product(session).id
    opportunities.save_lines(session, root, row.id, base=[], mine=[{"product_id": product, "quantity_e3": 1_000}])
    base = [shown(session.scalars(select(OpportunityLine)).one())]
    opportunities.save_lines(session, root, row.id, base=base, mine=[base[0] | {"quantity_e3": 2_000}])
    with pytest.raises(ConflictError):
        opportunities.save_lines(session, root, row.id, base=base, mine=[base[0] | {"quantity_e3": 3_000}])


def test_a_retired_product_is_not_offered_any_more(session: Session, root: Actor) -> None:
    row = made(session, root)
    line = {"product_id": factories.a_product(session, retired_on=date(2026, 1, 1)).id, "quantity_e3": 1_000}
    with pytest.raises(Exception, match="not sold any more"):
        opportunities.save_lines(session, root, row.id, base=[], mine=[line])


def test_a_contact_of_another_customer_is_refused(session: Session, root: Actor) -> None:
    elsewhere = factories.a_contact(session, factories.a_customer(session))
    with pytest.raises(InvalidFormError) as caught:
        made(session, root, contact_id=elsewhere.id)
    assert problems(caught) == ["contact_id"]


def test_a_seller_hands_over_one_of_their_own(session: Session, seller: Actor) -> None:
    row, other = made(session, seller), factories.a_user(session)
    opportunities.hand_over(session, seller, [row.id], owner_id=other.id)
    assert row.owner_id == other.id


def test_handing_over_stops_at_the_first_that_is_not_ones_own(session: Session) -> None:
    team = factories.a_team(session)
    colleague = factories.an_actor(session, team_id=team.id)
    actor = factories.an_actor(session, team_id=team.id)
    rows = [made(session, actor), made(session, colleague)]
    with pytest.raises(NotAllowedError):
        opportunities.hand_over(session, actor, [row.id for row in rows], owner_id=factories.a_user(session).id)


def test_somebody_who_left_cannot_be_given_records(session: Session, seller: Actor) -> None:
    row, gone = made(session, seller), factories.a_user(session, active=False)
    with pytest.raises(Exception, match="cannot own records"):
        opportunities.hand_over(session, seller, [row.id], owner_id=gone.id)


def test_deleting_takes_the_lines_along(session: Session, root: Actor) -> None:
    row = made(session, root)
    line = {"product_id": factories.a_product(session).id, "quantity_e3": 1_000}
    opportunities.save_lines(session, root, row.id, base=[], mine=[line])
    assert opportunities.delete(session, root, row.id) == {"opportunities": 1, "opportunity_lines": 1}


def test_a_viewer_may_look_but_not_move(session: Session) -> None:
    viewer = factories.an_actor(session, role=Role.VIEWER)
    row = factories.an_opportunity(session, factories.a_customer(session))
    assert [scope for (_, action), scope in viewer.grants.items() if action == "edit" and scope != Scope.NONE] == []
    with pytest.raises(NotAllowedError):
        opportunities.move(session, viewer, row.id, to=factories.stage(session, "needs").id)
