"""The file of the gateways: a table an organization, faults in sentences, secrets in no word of ours."""

from pathlib import Path

import pytest

from lk_reflex.integrations.bank.gateways import Gateway
from lk_reflex.settings import SettingsError, load_settings
from tests.test_settings import GOOD

RBS = """
["7421001010"]
kind = "rbs"
url = "https://bank.example.ru/payment/rest"
login = "lk-api"
password = "hush-password"
callback_key = "hush-key"
page_url = "https://bank.example.ru/payment/merchants/lk/payment_ru.html?mdOrder={orderId}"
timeout = 20
"""
JSON = """
["7430002027"]
kind = "json"
url = "https://api.example.ru/v3"
shop_id = "100500"
secret = "hush-secret"
"""


@pytest.fixture
def bare(monkeypatch, tmp_path):
    """A production without gateways, in an empty folder."""
    for name in ("LK_BANKS", "LK_DATA_DIR"):
        monkeypatch.delenv(name, raising=False)
    for name, value in GOOD.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    return monkeypatch


@pytest.fixture
def file(bare):
    def put(text: str | bytes) -> None:
        Path("banks.toml").write_bytes(text if isinstance(text, bytes) else text.encode())
        bare.setenv("LK_BANKS", "banks.toml")

    return put


def faults() -> list[str]:
    with pytest.raises(SettingsError) as refused:
        load_settings()
    return refused.value.faults


def test_production_starts_without_gateways_and_has_no_stand_in(bare):
    settings = load_settings()
    assert settings.gateways() == {}
    assert not settings.bank_stand_in


def test_a_demonstration_has_its_own_bank_until_it_is_given_others(bare, file):
    bare.setenv("LK_MODE", "preview")
    for name in ("LK_SMTP_URL", "LK_MAIL_FROM"):
        bare.delenv(name)
    assert load_settings().bank_stand_in
    file(RBS.replace("https://bank.example.ru/payment/rest", "http://127.0.0.1:9000/payment/rest"))
    settings = load_settings()
    assert not settings.bank_stand_in
    assert settings.gateways()["7421001010"].url == "http://127.0.0.1:9000/payment/rest"


def test_each_organization_has_its_own_gateway(file):
    file(RBS + JSON)
    assert load_settings().gateways() == {
        "7421001010": Gateway(
            "rbs", "https://bank.example.ru/payment/rest", login="lk-api", password="hush-password",
            callback_key="hush-key", timeout=20.0,
            page_url="https://bank.example.ru/payment/merchants/lk/payment_ru.html?mdOrder={orderId}",
        ),
        "7430002027": Gateway("json", "https://api.example.ru/v3", shop_id="100500", secret="hush-secret"),
    }  # fmt: skip


def test_a_token_stands_for_login_and_password(file):
    file(RBS.replace('login = "lk-api"\npassword = "hush-password"', 'token = "hush-token"'))
    assert load_settings().gateways()["7421001010"].token == "hush-token"


def test_no_secret_is_shown(file):
    file(RBS + JSON)
    settings = load_settings()
    assert "hush" not in repr(settings.gateways()) + str(settings.masked()) + repr(settings)


@pytest.mark.parametrize(
    ("was", "becomes", "fault"),
    [
        ('kind = "rbs"', 'kind = "paypal"', "7421001010: kind — «rbs» или «json»."),
        ('kind = "rbs"', "", "7421001010: kind — «rbs» или «json»."),
        ('kind = "rbs"', 'kind = ["rbs"]', "7421001010: kind — «rbs» или «json»."),
        ("https://bank.example.ru/payment/rest", "http://bank.example.ru/payment/rest",
         "7421001010: url: нужен адрес, начинающийся с https://."),
        ("https://bank.example.ru/payment/rest", "http://127.0.0.1:9000/rest",
         "7421001010: url: нужен адрес, начинающийся с https://."),
        ("https://bank.example.ru/payment/rest", "https://me:hush@bank.example.ru",
         "7421001010: url: нужен адрес, начинающийся с https://."),
        ("https://bank.example.ru/payment/rest", "https://[",
         "7421001010: url: нужен адрес, начинающийся с https://."),
        ('callback_key = "hush-key"', "", "7421001010: нет параметра callback_key."),
        ('callback_key = "hush-key"', 'callback_key = ""', "7421001010: нет параметра callback_key."),
        ('password = "hush-password"', "", "7421001010: нужны login и password или token."),
        ('password = "hush-password"', "password = 123456", "7421001010: password: значение нужно в кавычках."),
        ("={orderId}", "=", "7421001010: page_url: на месте номера заказа в банке нужно {orderId}."),
        ("timeout = 20", "timeout = 0", "7421001010: timeout: нужно число секунд от 1 до 60."),
        ("timeout = 20", "timeout = nan", "7421001010: timeout: нужно число секунд от 1 до 60."),
        ("timeout = 20", "timeout = true", "7421001010: timeout: нужно число секунд от 1 до 60."),
        ("timeout = 20", 'retries = "yes"', "7421001010: retries: true или false."),
        ("timeout = 20", 'pasword = "hush"', "7421001010: неизвестный параметр pasword."),
        ('["7421001010"]', '["742100101"]', "раздел «742100101»: имя раздела — ИНН организации, 10 или 12 цифр."),
        ('["7421001010"]', '["٧٤٢١٠٠١٠١٠"]', "раздел «٧٤٢١٠٠١٠١٠»: имя раздела — ИНН организации, 10 или 12 цифр."),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_named_in_one_sentence(file, was, becomes, fault):
    assert was in RBS
    file(RBS.replace(was, becomes))
    assert faults() == [f"LK_BANKS: {fault}"]


RECIPIENT = """recipient = { name = "МУП", inn = "7430002027", bank_name = "ПАО", bank_bic = "047501779",
bank_account = "40702810900000000008", bank_correspondent_account = "30101810400000000779" }
""".replace("\n", " ")


def test_a_shop_may_name_its_bank_details(file):
    file(JSON + RECIPIENT)
    assert load_settings().gateways()["7430002027"].recipient["bank_bic"] == "047501779"


@pytest.mark.parametrize(
    ("was", "becomes"), [('name = "МУП"', "name = 1"), ('inn = "7430002027",', ""), ("name =", 'x = "", name =')]
)
def test_bank_details_are_whole_or_named(file, was, becomes):
    file(JSON + RECIPIENT.replace(was, becomes, 1))
    (fault,) = faults()
    assert fault.startswith("LK_BANKS: 7430002027: recipient: нужны name, inn, bank_name, ")


@pytest.mark.parametrize("missing", ["url", "shop_id", "secret"])
def test_the_json_gateway_names_what_it_lacks(file, missing):
    file("\n".join(line for line in JSON.splitlines() if not line.startswith(missing)))
    assert faults() == [f"LK_BANKS: 7430002027: нет параметра {missing}."]


def test_all_faults_of_all_tables_come_at_once(file):
    file(
        RBS.replace('callback_key = "hush-key"', "").replace("timeout = 20", "timeout = 100")
        + JSON.replace("json", "x")
    )
    assert [fault.split(":")[1].strip() for fault in faults()] == ["7421001010", "7421001010", "7430002027"]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "LK_BANKS: в файле «banks.toml» нет ни одного раздела: нужен раздел на каждый ИНН."),
        ("password = hush", "LK_BANKS: файл «banks.toml» не читается: нужен TOML в UTF-8, раздел на каждый ИНН."),
        (b"\xff\xfe", "LK_BANKS: файл «banks.toml» не читается: нужен TOML в UTF-8, раздел на каждый ИНН."),
        ("kind = 'rbs'", "LK_BANKS: раздел «kind»: имя раздела — ИНН организации, 10 или 12 цифр."),
    ],
)
def test_a_file_that_is_none_is_refused(file, text, fault):
    file(text)
    assert faults() == [fault]


def test_a_missing_file_is_named(bare):
    bare.setenv("LK_BANKS", "no-such.toml")
    assert faults() == ["LK_BANKS: нет файла «no-such.toml»."]
