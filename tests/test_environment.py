"""What is missing on a machine is said, and on the judging machine it counts as a failure."""

import pytest

from tests import environment


def test_a_missing_thing_skips_the_test_with_its_reason(monkeypatch):
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match="no browser"):
        environment.require_or_skip("no browser")


def test_a_missing_thing_fails_the_test_where_changes_are_judged(monkeypatch):
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="no browser"):
        environment.require_or_skip("no browser")


def test_a_named_server_that_does_not_answer_is_not_replaced_by_another(monkeypatch):
    monkeypatch.setenv("CRM_TEST_POSTGRES_URL", "postgresql+psycopg://nobody@127.0.0.1:9/nothing")
    assert environment.postgres_url.__wrapped__() is None


def test_the_folder_of_real_data_can_be_named(monkeypatch, tmp_path):
    monkeypatch.setenv("CRM_TEST_DATA", str(tmp_path))
    assert environment.data_folder() == tmp_path


def test_a_folder_of_real_data_that_is_not_there_is_none(monkeypatch, tmp_path):
    monkeypatch.setenv("CRM_TEST_DATA", str(tmp_path / "nowhere"))
    assert environment.data_folder() is None
