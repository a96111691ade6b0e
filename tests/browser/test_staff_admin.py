"""The administrator's pages in a browser: accessible and whole in their states, and a package taken in by a press."""

import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open
from tests.browser.fitness import expect_none, faults_of
from tests.browser.look import DESKTOP, PHONE
from tests.browser.people import Person, Town
from tests.exchange import packages

BOTH = (DESKTOP, PHONE)


@pytest.fixture
def boss(town: Town) -> Person:
    return town.session_of("admin@example.org")


def wrong(page: Page, label: str, text: str, button: str, faults: int = 1) -> None:
    """Type what can't be taken, send it, and wait for the summary."""
    page.get_by_label(label).first.fill(text)
    page.get_by_role("button", name=button).first.click()
    expect(page.locator("#error-summary a")).to_have_count(faults)


def test_organizations_are_listed_and_changed(open_page: Open, boss: Person) -> None:
    page = open_page("/staff/organizations", boss)
    expect_none(faults_of(page, "staff-organizations", BOTH))
    page.get_by_role("link", name="МУП «ПОВВ»").click()
    expect(page.locator("h1")).to_have_text("МУП «ПОВВ»")
    expect(page.get_by_label("БИК:")).to_have_value("047501779")
    expect_none(faults_of(page, "staff-organization", BOTH))
    wrong(page, "БИК:", "12", "Сохранить")
    expect(page.get_by_label("БИК:")).to_have_value("12")
    expect_none(faults_of(page, "staff-organization-wrong", BOTH))
    page.get_by_label("БИК:").fill("047501779")
    page.get_by_label("Краткое наименование:").fill("МУП «ПОВВ»")
    page.get_by_role("button", name="Сохранить").first.click()
    expect(page.locator("#outcome")).to_contain_text("Ничего не изменилось.")


def test_dictionaries_are_edited(open_page: Open, boss: Person) -> None:
    page = open_page("/staff/dictionaries", boss)
    page.get_by_label("Список:").select_option("meter-place")
    page.get_by_role("button", name="Показать").click()
    expect(page.get_by_role("row").filter(has_text="Санузел")).to_have_count(1)
    page.get_by_role("button", name="Переименовать… строку «Санузел»").click()
    expect(page.get_by_label("Новое название:")).to_be_focused()
    expect_none(faults_of(page, "staff-dictionaries", BOTH))
    page.get_by_label("Название:", exact=False).last.fill("")
    page.get_by_role("button", name="Добавить строку").click()
    expect(page.locator("#error-summary a")).to_have_count(1)
    expect_none(faults_of(page, "staff-dictionaries-wrong", BOTH))
    page.locator("#title").fill("Чердак")
    page.get_by_role("button", name="Добавить строку").click()
    expect(page.get_by_role("row").filter(has_text="Чердак")).to_have_count(1)


def test_a_colleague_is_invited(open_page: Open, boss: Person, town: Town) -> None:
    page = open_page("/staff/people", boss)
    expect_none(faults_of(page, "staff-people", BOTH))
    wrong(page, "Электронная почта:", "не адрес", "Завести сотрудника", 3)
    expect_none(faults_of(page, "staff-people-wrong", BOTH))
    page.get_by_label("Электронная почта:").fill("novikova@example.org")
    page.locator("#staff_name").fill("Новикова А. А.")
    page.get_by_label("МУП «ПОВВ»").check()
    page.get_by_role("button", name="Завести сотрудника").click()
    expect(page.locator("#outcome")).to_contain_text("Приглашение со ссылкой")
    page.get_by_role("button", name="Изменить… Новикова А. А.").click()
    expect(page.locator("#open-staff_name")).to_be_focused()
    expect_none(faults_of(page, "staff-people-open", BOTH))


def test_a_package_is_taken_in_and_its_report_comes_by_itself(open_page: Open, boss: Person, tmp_path: Path) -> None:
    source = packages.small(tmp_path)
    packages.write(source, "organizations", [packages.organization(**{"ИНН": "7400000000"})])
    whole = tmp_path / "пакет.ZIP"
    with zipfile.ZipFile(whole, "w") as archive:
        for one in source.iterdir():
            archive.write(one, one.name)
    page = open_page("/staff/exchange", boss)
    page.get_by_label("Файл пакета или реестра:").set_input_files(whole)
    page.get_by_label("Только проверить, ничего не менять").check()
    page.get_by_role("button", name="Загрузить файл").click()
    expect(page.locator("#outcome")).to_contain_text("стоит в очереди")
    # The worker does it, and the page hears of it.
    line = page.get_by_role("row").filter(has_text="Проверка пакета").first
    expect(line).to_contain_text("Проверка прошла, ошибок нет", timeout=60_000)
    expect_none(faults_of(page, "staff-exchange", BOTH))
    line.locator("summary").click()  # from here on the files of the package are named, as they are called
    with page.expect_download() as taken:
        line.get_by_role("link", name="Скачать отчёт").click()
    assert "Контрольные суммы" in Path(taken.value.path()).read_text("utf-8-sig")
    page.get_by_role("button", name="Загрузить файл").click()
    expect(page.locator("#error-summary a")).to_have_count(1)
    expect_none(faults_of(page, "staff-exchange-wrong", BOTH))


def test_an_export_is_made_and_taken_along(open_page: Open, boss: Person) -> None:
    page = open_page("/staff/exchange", boss)
    page.get_by_label("Что выгрузить:").select_option("requests")
    page.get_by_role("button", name="Выгрузить", exact=True).click()
    line = page.get_by_role("row").filter(has_text="Выгрузка: заявки").first
    expect(line.get_by_role("link", name="Скачать")).to_be_visible(timeout=60_000)
    with page.expect_download() as taken:
        line.get_by_role("link", name="Скачать").click()
    assert taken.value.suggested_filename.startswith("requests-")


def test_the_audit_log_is_looked_through(open_page: Open, boss: Person) -> None:
    page = open_page("/staff/audit", boss)
    expect_none(faults_of(page, "staff-audit", BOTH))
    wrong(page, "Найти:", "никого@example.org", "Найти")
    expect_none(faults_of(page, "staff-audit-wrong", BOTH))
    page.get_by_role("button", name="Сбросить").click()
    expect(page.get_by_role("region", name="Действия: таблица")).to_be_visible()
