"""What the states of other systems mean here: a table of known words in our languages and of well-known shops.

A word that is not in it means nothing until somebody says what: an order is never taken as paid by guess. Shops cut the
life of an order differently; what matters here is whether it is paid, and whether the money went back.
"""

import re
import unicodedata
from collections.abc import Mapping

from customers.orders.choices import OrderState

# A payment that was only tried or reserved is none: *authorized*, *failed*. *Expired* and *voided* will never be paid.
# What was paid stays paid while it is packed, sent or brought back by the carrier.
WORDS: dict[OrderState, tuple[str, ...]] = {
    OrderState.PAID: (
        "paid", "processing", "captured", "payment received",
        "ready to ship", "awaiting shipment", "awaiting fulfillment", "awaiting pickup", "ready for pickup", "packed",
        "shipped", "partially shipped", "in transit", "out for delivery", "dispatched", "to ship", "shipping",
        "activated", "closed won", "closedwon", "won", "overpaid",
        "已付款", "已支付", "付款成功", "支付成功", "待发货", "买家已付款", "已发货", "卖家已发货", "待收货", "运输中", "配送中",
        "處理中", "处理中", "待出貨", "已出貨", "運送中", "待取貨", "備貨中", "备货中", "付款完成", "買家已付款", "待收貨",
        "bezahlt", "in bearbeitung", "versandt", "versendet", "payé", "pagado", "pagada", "支払い済み", "支払済", "発送済み",
    ),
    OrderState.UNPAID: (
        "unpaid", "placed", "pending", "pending payment", "payment pending", "awaiting payment", "on hold", "open", "new",
        "authorized", "authorised", "partially paid", "partially authorized", "failed", "payment failed", "payment review",
        "to pay", "invoiced", "overdue",
        "待付款", "未付款", "等待买家付款", "待支付", "未支付", "付款失败", "支付失败", "部分付款", "等待付款", "付款失敗",
        "等待買家付款", "尚未付款", "貨到付款未付", "offen", "unbezahlt", "ausstehend", "wartend", "zahlung ausstehend",
        "impayé", "en attente", "pendiente", "未払い",
    ),
    OrderState.DELIVERED: (
        "delivered", "completed", "complete", "fulfilled", "received", "picked up", "done", "finished",
        "已完成", "完成", "交易成功", "交易完成", "已收货", "已签收", "确认收货", "已送达", "订单完成", "已收貨", "已取貨", "已送達",
        "訂單完成", "確認收貨", "已簽收", "abgeschlossen", "geliefert", "zugestellt", "erledigt", "livré", "terminé",
        "completado", "entregado", "配達済み",
    ),
    OrderState.CANCELLED: (
        "cancelled", "canceled", "void", "voided", "expired", "declined", "denied", "rejected", "abandoned", "closed lost", "closedlost",
        "lost", "cancelled by customer", "cancelled by seller", "trash", "deleted",
        "已取消", "取消", "交易关闭", "已关闭", "订单关闭", "已作废", "作废", "已失效", "已过期", "买家取消", "卖家取消",
        "交易關閉", "已關閉", "訂單取消", "訂單已取消", "不成立", "已作廢", "作廢", "已失效", "已過期", "買家取消", "賣家取消",
        "storniert", "abgebrochen", "abgelaufen", "annulliert", "annulé", "cancelado", "cancelada", "キャンセル", "キャンセル済み",
    ),
    OrderState.REFUNDED: (
        "refunded", "fully refunded", "returned", "refund completed", "refund successful", "chargeback", "charged back",
        "已退款", "退款成功", "退款完成", "全额退款", "已退货", "退货退款成功", "退货完成", "全額退款", "已退貨", "退貨完成",
        "退貨退款成功", "erstattet", "rückerstattet", "zurückerstattet", "remboursé", "reembolsado", "返金済み",
    ),
    OrderState.PARTLY_REFUNDED: (
        "partly refunded", "partially refunded", "partial refund", "partially returned", "部分退款", "部分退款成功", "部分退货",
        "部分退貨", "teilweise erstattet", "teilerstattet", "partiellement remboursé", "一部返金",
    ),
    OrderState.NOT_AN_ORDER: (
        "draft", "checkout draft", "auto draft", "quote", "quotation", "estimate", "草稿", "报价", "報價",
        "entwurf", "angebot", "brouillon", "borrador", "下書き",
    ),
}  # fmt: skip


def fold_word(word: str) -> str:
    """A state as the table has it: `wc-on-hold`, `On Hold` and `on_hold` are one."""
    folded = unicodedata.normalize("NFKC", word).strip().casefold().removeprefix("wc-")
    return re.sub(r"[\s_-]+", " ", folded).strip(" .")


_STATES = {fold_word(word): state for state, words in WORDS.items() for word in words}


def state_of_word(word: str, own_words: Mapping[str, str] | None = None) -> OrderState | None:
    """What a word means: first as somebody said (folded word → state), then by the table; None where nobody knows."""
    folded = fold_word(word)
    if own_words and folded in own_words:
        return OrderState(own_words[folded])
    return _STATES.get(folded)
