"""Words that 繁體 does not take over from 简体 by mere conversion of characters, and words without translation."""

from functools import cache

import opencc

# 简体 word: what people in Taiwan and Hong Kong say
TRADITIONAL_WORDS = {
    "积分": "點數",
    "消息": "訊息",
    "信息": "資訊、訊息",
    "短信": "簡訊",
    "邮箱": "信箱、電子郵件",
    "快捷回复": "巨集",
    "答卷": "回覆",
    "视图": "檢視",
    "计划": "計畫",
    "反馈": "意見回饋",
    "生命周期价值": "終身價值",
    "用户": "使用者",
    "设置": "設定",
    "文件": "檔案",
    "文档": "文件",
    "保存": "儲存",
    "存储": "儲存",
    "搜索": "搜尋",
    "默认": "預設",
    "登录": "登入",
    "注销": "登出",
    "质量": "品質",
    "网络": "網路",
    "程序": "程式",
    "数据": "資料",
    "数据库": "資料庫",
    "服务器": "伺服器",
    "批量": "批次",
    "链接": "連結",
    "字段": "欄位",
    "添加": "新增",
    "导入": "匯入",
    "导出": "匯出",
    "打印": "列印",
    "屏幕": "螢幕",
    "视频": "影片",
    "软件": "軟體",
    "硬件": "硬體",
    "界面": "介面",
    "菜单": "選單",
    "窗口": "視窗",
    "模板": "範本",
    "账户": "帳戶",
    "账号": "帳號",
    "激活": "啟用",
    "联系人": "聯絡人",
    "联系": "聯絡",
    "二维码": "QR 碼",
    "粘贴": "貼上",
    "自定义": "自訂",
    "缓存": "快取",
    "在线": "線上",
    "移动设备": "行動裝置",
    "刷新": "重新整理",
    "回收站": "垃圾桶",
    "剪贴板": "剪貼簿",
    "社交媒体": "社群媒體",
    "调用": "呼叫",
    "令牌": "權杖",
    "字符": "字元",
    "进程": "處理程序",
    "加载": "載入",
    "响应": "回應",
    "分辨率": "解析度",
    "仪表盘": "儀表板",
    "渠道": "通路、管道",
}

# Names and abbreviations that read the same in every language; shop and product names among them.
SAME_EVERYWHERE = {
    "API",
    "CES",
    "CLV",
    "CSAT",
    "CSV",
    "English",
    "Evergreen",
    "Evergreen CRM",
    "Excel",
    "HTML",
    "ID",
    "JSON",
    "Message-ID",
    "NPS",
    "OpenAPI",
    "PDF",
    "PNG",
    "QR",
    "RFM",
    "SKU",
    "SLA",
    "SMS",
    "SVG",
    "URL",
    "UTC",
    "Webhook",
    "WeCom",
    "WhatsApp",
}


@cache
def _converter(direction: str) -> opencc.OpenCC:
    return opencc.OpenCC(direction)


def merely_converted_words(simplified: str, traditional: str) -> list[tuple[str, str]]:
    """(what stands there, what 繁體 says) for each glossary word that was only converted, character by character."""
    return [
        (converted, demanded)
        for word, demanded in TRADITIONAL_WORDS.items()
        if word in simplified and (converted := _converter("s2t").convert(word)) in traditional
    ]


def traditional_characters(text: str) -> str:
    """Characters of a 简体 text that belong to 繁體."""
    return "".join(c for c in text if not _encodes(c, "gb2312") and _converter("t2s").convert(c) != c)


def simplified_characters(text: str) -> str:
    """Characters of a 繁體 text that belong to 简体."""
    return "".join(c for c in text if not _encodes(c, "cp950") and _converter("s2t").convert(c) != c)


def _encodes(character: str, encoding: str) -> bool:
    try:
        character.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True
