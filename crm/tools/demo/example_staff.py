"""Who works in the example company: somebody of each role, two teams of sales."""

from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.hashers import make_password

from crm.kernel.auth.models import Team, User

STAFF_DOMAIN = "shanlan.example"
TEAM_NAMES = {
    "shanghai": "静安店 Jing’an",
    "greater": "港台 Hong Kong & Taipei",
    "online": "网店 Online shop",
    "service": "客服 Service",
}
# e-mail, name, role, scope, team, language, time zone
STAFF_MEMBERS = (
    ("admin", "Lin Wei 林伟", "admin", "all", None, "en", "Asia/Shanghai"),
    ("manager", "周文静 Zhou Wenjing", "manager", "all", None, "en", "Asia/Shanghai"),
    ("marketing", "Emily Carter", "marketing", "all", "online", "en", "Asia/Shanghai"),
    ("sales", "李思远", "sales", "team", "shanghai", "zh-hans", "Asia/Shanghai"),
    ("sales2", "黃詩雅", "sales", "team", "greater", "zh-hant", "Asia/Hong_Kong"),
    ("service", "王雨桐", "service", "all", "service", "zh-hans", "Asia/Shanghai"),
    ("service2", "Jason Lau 劉俊傑", "service", "all", "service", "en", "Asia/Hong_Kong"),
    ("product", "Priya Nair", "product", "all", "online", "en", "Asia/Singapore"),
    ("readonly", "吳怡君", "readonly", "all", None, "zh-hant", "Asia/Taipei"),
)


@dataclass
class ExampleStaff:
    """Users by the part of their address before the @, teams by key."""

    users: dict[str, User] = field(default_factory=dict)
    teams: dict[str, Team] = field(default_factory=dict)

    def __getitem__(self, key: str) -> User:
        return self.users[key]

    def owner_of(self, number: int, country: str, store: str, grade: str) -> tuple[User | None, Team]:
        """The team by the place; a person of it for the good customers and every third other one."""
        if country in ("HK", "TW"):
            owner, team = self.users["sales2"], self.teams["greater"]
        elif store:
            owner, team = self.users["sales"], self.teams["shanghai"]
        else:
            owner, team = self.users["marketing"], self.teams["online"]
        return (owner if grade in "AB" or number % 3 == 0 else None), team


def create_staff(password: str) -> ExampleStaff:
    """Teams and users with one password; who is here already keeps his own."""
    staff = ExampleStaff(teams={key: Team.objects.get_or_create(name=name)[0] for key, name in TEAM_NAMES.items()})
    hashed = make_password(password)
    for key, name, role, scope, team, language, zone in STAFF_MEMBERS:
        fields: dict[str, Any] = {"role": role, "scope": scope, "language": language, "time_zone": zone}
        fields |= {"name": name, "team": staff.teams[team] if team else None, "password": hashed}
        staff.users[key], _new = User.objects.get_or_create(email=f"{key}@{STAFF_DOMAIN}", defaults=fields)
    return staff


def staff_logins(password: str) -> list[dict[str, str]]:
    """How to get in, for everybody."""
    return [
        {"email": f"{key}@{STAFF_DOMAIN}", "role": role, "password": password}
        for key, _name, role, *_rest in STAFF_MEMBERS
    ]
