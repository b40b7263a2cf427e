"""The bell: a number of new notices, their sentences in the reader's language, read when looked at."""

from crm.kernel.ui import notifications
from crm.kernel.ui.models import Notification


def test_bell_counts_reads_and_rests(client_as, make_user):
    ken, other = make_user("sales", language="zh-hans"), make_user("sales")
    notifications.notify_users([ken.pk, ken.pk], "job_finished", url="/jobs/jb_1/", title="Import", state="done")
    notifications.notify_users([other.pk], "job_finished", url="/jobs/jb_2/", title="Export", state="failed")
    client = client_as(ken)

    before = client.get("/notifications/unread/").content.decode()
    client.get("/notifications/")
    still = notifications.count_unread(ken)
    menu = client.post("/notifications/").content.decode()
    after = client.get("/notifications/unread/").content.decode()

    assert ("1 条未读" in before, still) == (True, 1)
    assert "“Import”已完成。" in menu
    assert "Export" not in menu
    assert (after.strip(), notifications.count_unread(ken), notifications.count_unread(other)) == ("", 0, 1)


def test_notice_of_an_unknown_kind_still_shows(make_user):
    ken = make_user("sales")
    notifications.notify_users([ken.pk], "of_the_future")

    (notice,) = notifications.latest_notifications(ken, 5)

    assert (notice.text, notice.is_new) == ("of_the_future", True)


def test_unread_is_counted_up_to_99(make_user):
    ken = make_user("sales")
    for _number in range(101):
        notifications.notify_users([ken.pk], "job_finished", title="x", state="done")

    assert (notifications.count_unread(ken), Notification.objects.count()) == (99, 101)
