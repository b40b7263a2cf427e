from crm.kernel.http import query_strings


def test_pairs_keep_their_order_and_lose_what_is_empty(rf):
    request = rf.get("/orders/?tag=vip&q=&tag=new&sort=-placed")

    assert query_strings.query_pairs(request) == [("tag", "vip"), ("tag", "new"), ("sort", "-placed")]


def test_query_without_some_parameters_leaves_the_request_alone(rf):
    request = rf.get("/orders/?q=tea&cursor=abc&tag=vip&tag=new")

    assert query_strings.query_without(request, "cursor", "nothing") == "q=tea&tag=vip&tag=new"
    assert request.GET["cursor"] == "abc"
