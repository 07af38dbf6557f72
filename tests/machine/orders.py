"""What the desk gives teams to do, and what teams say about it; what teams ask of the desk, and what it says."""

from hypothesis import strategies as st
from hypothesis.stateful import rule

from cdtteam.core.ids import new_id
from tests.machine.ground import PAUSES, PHONES, PICK, Ground, pick_of


class Orders(Ground):
    """Rules of tasks and requests."""

    @rule(pick=PICK, pause=PAUSES)
    def give_a_task(self, pick: int, pause: int) -> None:
        now = self.stage.ticker.pass_time(pause)
        team, village = pick_of(self.model.places(now), pick)
        self.model.give_task(self.stage.give_task(team, village), team, village, now)

    @rule(
        phone=PHONES,
        pause=PAUSES,
        pick=PICK,
        state=st.sampled_from(["seen", "accepted", "declined", "blocked", "done"]),
    )
    def speak_of_a_task(self, phone: int, pause: int, pick: int, state: str) -> None:
        handset = self.use(phone, pause)
        known = self.model.tasks if pick % 7 == 0 else handset.kind("task")
        task_id = pick_of(sorted(known), pick)
        if task_id is not None:
            handset.enter("task.progress", {"id": task_id, "state": state, "note": "cả thôn đang gặt"})

    @rule(pick=PICK, pause=PAUSES)
    def withdraw_a_task(self, pick: int, pause: int) -> None:
        now = self.stage.ticker.pass_time(pause)
        task_id = pick_of(sorted(self.model.tasks), pick)
        if task_id is not None:
            self.stage.withdraw_task(task_id)
            self.model.withdraw_task(task_id, now)

    @rule(pick=PICK, pause=PAUSES)
    def reopen_a_task(self, pick: int, pause: int) -> None:
        now = self.stage.ticker.pass_time(pause)
        task_id = pick_of(self.model.tasks_to_reopen(now), pick)
        if task_id is not None:
            self.stage.reopen_task(task_id)
            self.model.reopen_task(task_id, now)

    @rule(pick=PICK, pause=PAUSES)
    def reassign_a_task(self, pick: int, pause: int) -> None:
        now = self.stage.ticker.pass_time(pause)
        task_id = pick_of(sorted(id_ for id_, task in self.model.tasks.items() if not task.is_over), pick)
        if task_id is not None:
            team, village = pick_of(self.model.places(now), pick // 3)
            self.stage.reassign_task(task_id, team, village)
            self.model.reassign_task(task_id, team, village, now)

    @rule(phone=PHONES, pause=PAUSES, pick=PICK)
    def ask_for_help(self, phone: int, pause: int, pick: int) -> None:
        handset = self.use(phone, pause)
        args = {"topic": "connection", "text": "Làng không có sóng"}
        handset.enter("request.raise", {"id": str(new_id()), "village_id": self.village_on(handset, pick), **args})

    @rule(pick=PICK, pause=PAUSES)
    def help_is_promised(self, pick: int, pause: int) -> None:
        now = self.stage.ticker.pass_time(pause)
        standing = {id_: one for id_, one in self.model.asked.items() if one.state != "closed"}
        request_id = pick_of(sorted(standing), pick)
        if request_id is not None:
            state = "passed_on" if standing[request_id].state == "open" and pick % 3 else "answered"
            self.stage.move_request(request_id, state)
            self.model.move_request(request_id, state, now)

    @rule(phone=PHONES, pause=PAUSES, pick=PICK, most=st.integers(1, 3))
    def read_the_inbox(self, phone: int, pause: int, pick: int, most: int) -> None:
        handset = self.use(phone, pause)
        known = sorted(handset.kind("notification"))
        if known:
            ids = [pick_of(known, pick + number) for number in range(most)]
            handset.enter("notification.read", {"ids": ids, "opened": pick % 3 == 0})
