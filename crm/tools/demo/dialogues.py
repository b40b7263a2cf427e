"""What customers of a tea shop write, what they are answered, and what they say in surveys: per language."""

# Each: subject, first word, answer, thanks, internal note.
TICKET_DIALOGUES = (
    {
        "tag": "damaged",
        "en": ("Lid of the tea caddy arrived broken", "Hello, the lid of the caddy in my last parcel is cracked. Could you replace it?",
               "I am sorry about that. A new caddy is on its way and should be with you within three days. Please keep the old one.",
               "It has arrived, thank you. That was quick.", "Third cracked lid this month: asked the warehouse for thicker paper."),
        "zh-hans": ("茶罐盖子收到时是破的", "您好，上次收到的茶罐盖子裂了，可以补发一个吗？",
                    "非常抱歉给您添麻烦了。我们已安排补发，预计三天内送到，旧的茶罐您留着用就好。", "已经收到了，谢谢，处理得很快。", "本月第三起盖子破损，已请仓库加厚包装。"),
        "zh-hant": ("茶罐蓋子收到時就破了", "您好，上次收到的茶罐蓋子裂開了，可以補寄一個嗎？",
                    "非常抱歉造成您的不便。我們已經安排補寄，預計三天內送達，舊的茶罐請您留著使用。", "已經收到了，謝謝，處理得很快。", "本月第三件蓋子破損，已請倉庫加厚包裝。"),
    },
    {
        "tag": "delivery",
        "en": ("Where is my order?", "I ordered last week and the tracking has not moved since Monday. Is it lost?",
               "Thank you for your patience. The parcel was held at the sorting centre and goes out again today.",
               "Got it now, all fine.", "Carrier confirmed a delay at the hub."),
        "zh-hans": ("订单一直没有送到", "我上周下的单，物流从周一起就没有更新，是不是丢件了？",
                    "感谢您的耐心。包裹在中转站滞留，今天已重新派送，预计明天送达。", "收到了，没问题。", "快递已确认中转站延误。"),
        "zh-hant": ("訂單一直沒有送到", "我上週下的單，物流從週一起就沒有更新，是不是寄丟了？",
                    "謝謝您的耐心等候。包裹在轉運站滯留，今天已重新配送，預計明天送達。", "收到了，沒問題。", "物流已確認轉運站延誤。"),
    },
    {
        "tag": "points",
        "en": ("Points of my last order are missing", "I bought in the store on Saturday but no points have come.",
               "I have found your purchase: the phone number at the till had a typing error. The points are in your account now.",
               "I can see them. Thanks!", "Till had the number with two digits swapped."),
        "zh-hans": ("上次购物的积分没有到账", "周六在门店买的，积分到现在还没有。",
                    "已经查到您的消费记录，是收银时手机号输错了一位。积分现已补到您的账户。", "看到了，谢谢！", "收银台手机号有一位录错。"),
        "zh-hant": ("上次消費的點數沒有入帳", "週六在門市買的，點數到現在還沒有。",
                    "已經查到您的消費紀錄，是結帳時手機號碼輸錯一碼。點數現在已補到您的帳戶。", "看到了，謝謝！", "結帳時手機號碼有一碼輸錯。"),
    },
    {
        "tag": "advice",
        "en": ("Which tea for a beginner?", "I would like to give oolong to a friend who usually drinks green tea. What do you suggest?",
               "A lightly oxidised Alishan oolong would be a gentle step: floral, hardly bitter, forgiving with hot water.",
               "Lovely, I will take that one.", ""),
        "zh-hans": ("想请你们推荐一款茶", "想送一位平时喝绿茶的朋友乌龙茶，有什么推荐吗？",
                    "可以试试阿里山高山茶，发酵较轻，花香清雅，不苦不涩，冲泡也不挑水温。", "好的，就买这一款。", ""),
        "zh-hant": ("想請你們推薦一款茶", "想送一位平常喝綠茶的朋友烏龍茶，有什麼推薦嗎？",
                    "可以試試阿里山高山茶，發酵較輕，花香清雅，不苦不澀，沖泡也不挑水溫。", "好的，就買這一款。", ""),
    },
    {
        "tag": "invoice",
        "en": ("Invoice for our company", "Please send us an invoice for the gift sets, with our company name on it.",
               "The invoice is attached to your order now, and I have sent a copy to you.", "Received, thank you.", "Tax number checked."),
        "zh-hans": ("请开具公司发票", "请为这次的礼盒开一张公司抬头的发票。", "发票已开好并附在订单中，也已发送一份到您的邮箱。", "已收到，谢谢。", "税号已核对。"),
        "zh-hant": ("請開立公司發票", "請為這次的禮盒開一張公司抬頭的發票。", "發票已開立並附在訂單中，也寄了一份到您的信箱。", "已收到，謝謝。", "統一編號已核對。"),
    },
    {
        "tag": "exchange",
        "en": ("Exchange a teapot", "The clay pot is smaller than I thought. May I change it for the larger one?",
               "Of course. Bring it to any store within thirty days, or send it back with the label that I have mailed you.",
               "I will come by on Sunday.", "Reserved one 250 ml pot until Sunday."),
        "zh-hans": ("想换一把大一点的壶", "紫砂壶比想象中小，可以换大一号的吗？", "当然可以。三十天内到任一门店更换，或用我们发给您的运单寄回即可。", "那我周日过来。", "已预留一把 250 毫升的壶到周日。"),
        "zh-hant": ("想換一把大一點的壺", "紫砂壺比想像中小，可以換大一號的嗎？", "當然可以。三十天內到任一門市更換，或用我們寄給您的託運單寄回即可。", "那我週日過來。", "已預留一把 250 毫升的壺到週日。"),
    },
)  # fmt: skip
SURVEY_REMARKS: dict[str, dict[str, tuple[str, ...]]] = {
    "good": {
        "en": ("The Alishan is the best I have had outside Taiwan.", "Friendly people who know their tea.", "Always well packed, always quick.", ""),
        "zh-hans": ("茶的品质一直很稳定，送人也体面。", "店员很懂茶，推荐得很准。", "包装用心，发货快。", ""),
        "zh-hant": ("茶的品質一直很穩定，送禮也體面。", "店員很懂茶，推薦得很準。", "包裝用心，出貨快。", ""),
    },
    "middling": {
        "en": ("Good tea, but shipping takes long.", "A little dear.", "More small sizes, please.", ""),
        "zh-hans": ("茶不错，就是物流有点慢。", "价格略高。", "希望多一些小包装。", ""),
        "zh-hant": ("茶不錯，就是物流有點慢。", "價格略高。", "希望多一些小包裝。", ""),
    },
    "bad": {
        "en": ("The parcel came damp and nobody answered for a week.", "The last harvest was much weaker than before.", "I waited at the till for half an hour."),
        "zh-hans": ("包装受潮了，客服一周都没回。", "这批茶比上次差很多。", "门店排队等了半小时，没人招呼。"),
        "zh-hant": ("包裝受潮了，客服一週都沒回。", "這批茶比上次差很多。", "門市排隊等了半小時，沒人招呼。"),
    },
}  # fmt: skip
CALL_NOTES = {
    "en": ("Asked about the new Longjing; will come by on Saturday.", "Wants to be called again after the holidays.", "Pleased with the gift sets, plans twenty more for New Year."),
    "zh-hans": ("询问新到的龙井，周六会来店里。", "请节后再联系。", "对礼盒很满意，年底还要二十份。"),
    "zh-hant": ("詢問新到的龍井，週六會來店裡。", "請連假後再聯絡。", "對禮盒很滿意，年底還要二十份。"),
}  # fmt: skip
TASK_TITLES = {
    "en": ("Call back about the New Year gift sets", "Send the tasting invitation", "Ask how the Yixing pot brews", "Confirm the delivery date"),
    "zh-hans": ("回电确认新春礼盒数量", "发送品茗会邀请", "回访紫砂壶使用情况", "确认送货日期"),
    "zh-hant": ("回電確認新春禮盒數量", "寄送品茗會邀請", "回訪紫砂壺使用情況", "確認送貨日期"),
}  # fmt: skip
