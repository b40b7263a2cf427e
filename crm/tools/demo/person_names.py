"""Names of people who do not exist: (simplified, traditional, Latin letters)."""

FAMILIES = """
王/王/wang 李/李/li 张/張/zhang 刘/劉/liu 陈/陳/chen 杨/楊/yang 黄/黃/huang 赵/趙/zhao 吴/吳/wu 周/周/zhou 徐/徐/xu
孙/孫/sun 马/馬/ma 朱/朱/zhu 胡/胡/hu 郭/郭/guo 何/何/he 林/林/lin 高/高/gao 罗/羅/luo 郑/鄭/zheng 梁/梁/liang
谢/謝/xie 宋/宋/song 唐/唐/tang 许/許/xu 邓/鄧/deng 冯/馮/feng 韩/韓/han 曹/曹/cao 曾/曾/zeng 彭/彭/peng 萧/蕭/xiao
蔡/蔡/cai 潘/潘/pan 田/田/tian 董/董/dong 袁/袁/yuan 于/于/yu 余/余/yu 叶/葉/ye 蒋/蔣/jiang 杜/杜/du 苏/蘇/su 魏/魏/wei
程/程/cheng 吕/呂/lü 丁/丁/ding 沈/沈/shen 任/任/ren 姚/姚/yao 卢/盧/lu 傅/傅/fu 钟/鍾/zhong 姜/姜/jiang 崔/崔/cui
谭/譚/tan 廖/廖/liao 范/范/fan 汪/汪/wang 陆/陸/lu 金/金/jin 石/石/shi 戴/戴/dai 贾/賈/jia 欧阳/歐陽/ouyang
"""
GIVENS = """
嘉怡/嘉怡/jiayi 子涵/子涵/zihan 雨桐/雨桐/yutong 欣怡/欣怡/xinyi 梓萱/梓萱/zixuan 诗涵/詩涵/shihan 思远/思遠/siyuan
浩然/浩然/haoran 宇轩/宇軒/yuxuan 文静/文靜/wenjing 晓明/曉明/xiaoming 丽华/麗華/lihua 志强/志強/zhiqiang 建国/建國/jianguo
秀英/秀英/xiuying 美玲/美玲/meiling 淑芬/淑芬/shufen 俊杰/俊傑/junjie 明轩/明軒/mingxuan 若曦/若曦/ruoxi 静怡/靜怡/jingyi
一诺/一諾/yinuo 晨曦/晨曦/chenxi 佳琪/佳琪/jiaqi 雅婷/雅婷/yating 怡君/怡君/yijun 家豪/家豪/jiahao 承恩/承恩/cheng’en
冠宇/冠宇/guanyu 宗翰/宗翰/zonghan 咏诗/詠詩/yongshi 伟伦/偉倫/weilun 慧敏/慧敏/huimin 国栋/國棟/guodong 春梅/春梅/chunmei
海燕/海燕/haiyan 云飞/雲飛/yunfei 天宇/天宇/tianyu 博文/博文/bowen 睿/睿/rui 敏/敏/min 娜/娜/na 伟/偉/wei 芳/芳/fang
磊/磊/lei 婷/婷/ting 倩/倩/qian 洋/洋/yang 勇/勇/yong 艳/艷/yan 桂兰/桂蘭/guilan 玉珍/玉珍/yuzhen 振华/振華/zhenhua
立群/立群/liqun 知秋/知秋/zhiqiu 清扬/清揚/qingyang 书瑶/書瑤/shuyao 念慈/念慈/nianci 采薇/采薇/caiwei 以宁/以寧/yining
"""
FIRSTS = """
Olivia Emma Amelia Sophie Charlotte Grace Hannah Laura Julia Anna Clara Ingrid Freya Maya Priya Aisha Elena
Camille Chloé Zoë Oliver James Thomas William Lukas Jonas Felix Matteo Luca Noah Liam Henry Arthur Daniel Samuel
David Marco Pierre Antoine Erik Anders Mikael Rajesh Arjun Omar Kenji Haruka Min-jun Ji-woo Nora Leonie Margaret
Ruth Patrick Declan
"""
LASTS = """
Hartmann Schmidt Müller Weber Fischer Becker Smith Jones Taylor Brown Wilson Evans Thompson Walker Wright Hughes
Martin Bernard Dubois Moreau Laurent Rossi Ferrari Bianchi Larsen Nielsen Hansen Johansson Lindqvist García
Fernández Silva Costa O’Brien Murphy Kelly MacLeod Campbell Stewart Nguyen Patel Sharma Nair Khan Tanaka Sato
Kim Park Kowalski Novák
"""
FAMILY_NAMES = [tuple(name.split("/")) for name in FAMILIES.split()]
GIVEN_NAMES = [tuple(name.split("/")) for name in GIVENS.split()]
FIRST, LAST = FIRSTS.split(), LASTS.split()
COMPANY_NAMES = [
    ("云栖酒店", "雲棲酒店", "Yunqi Hotel"),
    ("明德书院", "明德書院", "Mingde Academy"),
    ("远山设计", "遠山設計", "Yuanshan Design"),
    ("和光律师事务所", "和光律師事務所", "Heguang Law"),
    ("听雨茶空间", "聽雨茶空間", "Tingyu Tea House"),
    ("北辰科技", "北辰科技", "Beichen Technology"),
    ("锦程文化", "錦程文化", "Jincheng Culture"),
    ("瑞禾医疗", "瑞禾醫療", "Ruihe Medical"),
]
