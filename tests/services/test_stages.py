"""The pipeline as an administrator shapes it."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from crm_data.access import Actor
from crm_data.errors import CrmError, InvalidFormError, NotAllowedError
from crm_data.services import stages
from crm_data.vocabulary import StageKind
from tests import factories


def names(session: Session) -> list[str]:
    return [stage.name for stage in stages.listed(session)]


def test_a_new_open_stage_stands_before_the_closed_ones(session: Session, admin: Actor) -> None:
    stages.create(session, admin, values={"name": "Legal check", "probability": 90})
    assert names(session)[-3:] == ["Legal check", "Won", "Lost"]


def test_stages_are_put_into_another_order(session: Session, admin: Actor) -> None:
    first, second, *others = [stage.id for stage in stages.listed(session)]
    stages.reorder(session, admin, [second, first, *others])
    assert names(session)[:2] == ["Needs analysis", "Qualification"]


def test_won_stays_behind_the_open_stages(session: Session, admin: Actor) -> None:
    order = [stage.id for stage in stages.listed(session)]
    with pytest.raises(CrmError, match="after the open"):
        stages.reorder(session, admin, order[::-1])


def test_open_opportunities_follow_their_stages_probability_unless_somebody_set_it(
    session: Session, admin: Actor
) -> None:
    customer = factories.a_customer(session)
    follows = factories.an_opportunity(session, customer, at="needs")
    stays = factories.an_opportunity(session, customer, at="needs", probability=60, probability_set=True)
    place = factories.stage(session, "needs")
    stages.edit(session, admin, place.id, version=1, base={"probability": 25}, mine={"probability": 30})
    assert (follows.probability, stays.probability) == (30, 60)


def test_won_is_certain(session: Session, admin: Actor) -> None:
    place = factories.stage(session, "won")
    with pytest.raises(InvalidFormError):
        stages.edit(session, admin, place.id, version=1, base={"probability": 100}, mine={"probability": 90})


def test_a_stage_in_use_is_not_removed(session: Session, admin: Actor) -> None:
    factories.an_opportunity(session, factories.a_customer(session), at="needs")
    with pytest.raises(CrmError, match="1 opportunities"):
        stages.delete(session, admin, factories.stage(session, "needs").id)


def test_the_last_stage_of_a_kind_stays(session: Session, admin: Actor) -> None:
    with pytest.raises(CrmError, match="at least one"):
        stages.delete(session, admin, factories.stage(session, "won").id)


def test_a_seller_does_not_shape_the_pipeline(session: Session, seller: Actor) -> None:
    with pytest.raises(NotAllowedError):
        stages.create(session, seller, values={"name": "Mine", "kind": StageKind.OPEN, "probability": 1})


def test_two_stages_do_not_bear_one_name(session: Session, admin: Actor) -> None:
    with pytest.raises(InvalidFormError, match="another value"):
        stages.create(session, admin, values={"name": " PROPOSAL", "probability": 60})
