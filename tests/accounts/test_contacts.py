from lk_reflex.domain.accounts.contacts import Contact, contacts, only_contact
from lk_reflex.domain.accounts.tables import Organization


def put(db, *organizations: Organization):
    with db.transaction() as writer:
        for organization in organizations:
            writer.add(organization)


def test_the_organizations_stand_in_the_order_of_their_names(db):
    put(
        db,
        Organization(inn="1", name="ТСН «Уральский двор»", phone="+7 (351) 393-41-05"),
        Organization(inn="2", name="Управляющая компания", short_name="ООО «Ёлочка»", address="г. Копейск"),
        Organization(inn="3", name="ЖЭК № 5"),
    )
    assert db.read(contacts) == [
        Contact("ЖЭК № 5", "", ""),
        Contact("ООО «Ёлочка»", "", "г. Копейск"),
        Contact("ТСН «Уральский двор»", "+7 (351) 393-41-05", ""),
    ]


def test_an_empty_installation_has_none(db):
    assert db.read(contacts) == []


def test_only_a_single_organization_is_whom_everybody_asks(db):
    assert db.read(only_contact) is None
    put(db, Organization(inn="1", name="МУП «ПОВВ»", phone="214-00-14"))
    assert db.read(only_contact) == Contact("МУП «ПОВВ»", "214-00-14", "")
    put(db, Organization(inn="2", name="ТСН «Двор»", phone="393-41-05"))
    assert db.read(only_contact) is None
