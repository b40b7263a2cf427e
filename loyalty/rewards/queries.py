"""SQL in the path of every redemption: ready statements, where a query set needs half a millisecond to write itself down."""

LOCKED_REWARD_SQL = "WHERE id = %s FOR NO KEY UPDATE"
REDEMPTION_BY_KEY_SQL = "WHERE customer_id = %s AND key = %s"
