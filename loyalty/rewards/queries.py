"""SQL in the path of every redemption: ready statements, where a query set needs half a millisecond to write itself down."""

LOCKED_REWARD_SQL = "WHERE id = %s FOR NO KEY UPDATE"
# By the letters of a code, which `coupon_by_letters` indexes; a code that was stored just as it is typed comes first.
COUPON_BY_LETTERS_SQL = "WHERE replace(code, '-', '') = %s ORDER BY code <> %s, id LIMIT 1"
