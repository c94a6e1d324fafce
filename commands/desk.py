"""What every command works with: settings, language, database, district, clock, and who runs it."""

import datetime as dt
import getpass
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from data_access.database import Database
from data_access.districts import only_district
from rules.language import Refusal, Translate
from rules.request import Actor, Scope
from settings import Settings


@dataclass
class Desk:
    """Each is made when it is first asked for."""

    settings: Settings
    t: Translate
    district_given: str = ""

    @cached_property
    def database(self) -> Database:
        return Database.open(self.settings.database_url)

    @cached_property
    def clock(self) -> Callable[[], dt.datetime]:
        return self.settings.clock()

    @property
    def ready(self) -> Database:
        """The database; Refusal with what to do when it cannot be used."""
        state = self.database.state()
        if not state.is_ready:
            raise Refusal(state.message)
        return self.database

    @property
    def district(self) -> str:
        return self.district_given or self.settings.district or only_district(self.ready)

    @property
    def scope(self) -> Scope:
        return Scope(self.district)

    @property
    def actor(self) -> Actor:
        """The account that runs the command: named in batches and audit rows."""
        name = getpass.getuser()
        return Actor(id=f"cli:{name}", name=name, role="operator", scope=Scope(self.district, personal=True))

    def close(self) -> None:
        if "database" in self.__dict__:
            self.database.close()

    def say(self, message: str, /, **values: object) -> None:
        print(self.t(message, **values), flush=True)
