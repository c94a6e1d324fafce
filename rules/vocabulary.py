"""The code lists of the domain: one table a list, each code with its Chinese name and its aliases.

A code is what the database holds; the name is what people read and write. Source: DOMAIN 3 to 9.
"""

from __future__ import annotations

from dataclasses import dataclass

from rules.language import N_


@dataclass(frozen=True, slots=True)
class Word:
    """One entry of a code list.

    Attributes:
        code: what the database holds.
        name: the Chinese name, through gettext at rendering.
        aliases: other spellings that an imported file may use.
        short: one or two characters for a glyph, or empty.
        marked: whether it is one of the six 重点专业 (S2), for 诊疗类别 only.
    """

    code: str
    name: str
    aliases: tuple[str, ...] = ()
    short: str = ""
    marked: bool = False


AREA_LEVEL = (
    Word("district", N_("区县"), ("区", "县", "区级")),
    Word("street", N_("街镇"), ("街道", "镇", "乡镇", "乡", "功能区", "街道（镇）", "园区")),
    Word("neighbourhood", N_("村居"), ("居委", "居委会", "村", "村委会", "居民区", "社区", "居村")),
    Word("grid", N_("网格"), ("网格管理单元", "网格单元", "单元网格", "责任网格")),
)
ROAD_DIRECTION = (
    Word("both", N_("双向"), ("否", "不是", "no", "0", "false", "b", "双向通行")),
    Word("forward", N_("单行（沿画线方向）"), ("单行", "是", "yes", "1", "true", "f", "单向")),
    Word("backward", N_("单行（逆画线方向）"), ("-1", "reverse", "t", "反向", "逆向")),
)
CONTACT_HOW = (
    Word("phone", N_("电话联系")),
    Word("message", N_("短信或微信")),
    Word("in_person", N_("上门")),
    Word("platform", N_("平台回复")),
)
CONTACT_RESULT = (
    Word("reached", N_("已联系上")),
    Word("appointed", N_("已约定核查时间")),
    Word("declined", N_("已联系上，不愿配合")),
    Word("missed", N_("没有联系上")),
)
AREA_TYPE = (
    Word("street", N_("街道")),
    Word("town", N_("镇"), ("乡", "乡镇")),
    Word("zone", N_("功能区"), ("工业区", "新区", "管委会", "开发区")),
    Word("committee", N_("居委会"), ("居委", "居民区", "社区")),
    Word("village", N_("村委会"), ("村",)),
)
AGENCY_SYSTEM = (
    Word("health", N_("卫生监督"), ("卫健", "卫生健康", "卫生", "卫监"), N_("卫")),
    Word("police", N_("公安"), ("派出所",), N_("公")),
    Word("market", N_("市场监管"), ("工商", "食药监", "市场监督管理", "药监"), N_("市")),
    Word("urban", N_("城管执法"), ("城管", "综合行政执法", "行政执法"), N_("城")),
    Word("housing", N_("房管建管"), ("房管", "建管", "住建", "建管中心"), N_("房")),
    Word("street", N_("街镇"), ("街道", "镇", "乡镇"), N_("街")),
    Word("supervision", N_("监察"), ("纪委监察", "监察办"), N_("监")),
    Word("justice", N_("检察"), ("检察院", "检察机关"), N_("检")),
    Word("leading", N_("打非办"), ("领导小组", "领导小组办公室"), N_("打")),
    Word("other", N_("其他部门"), ("其他",), N_("其")),
)
AGENCY_LEVEL = (
    Word("city", N_("市级")),
    Word("district", N_("区级"), ("县级",)),
    Word("street", N_("街镇级"), ("街道级", "镇级")),
    Word("neighbourhood", N_("村居级"), ("居民区级",)),
)
CATEGORY = (
    Word("infusion", N_("静脉输液"), ("输液", "内科补液", "补液"), marked=True),
    Word("maternal", N_("母婴保健或计划生育技术服务"), ("母婴保健", "计划生育技术服务", "母婴保健技术服务或计划生育技术服务"), marked=True),
    Word("sex_identification", N_("非医学需要的胎儿性别鉴定"), ("胎儿性别鉴定",), marked=True),
    Word("sex_selection", N_("非医学需要的选择性别的人工终止妊娠"), ("选择性别人工终止妊娠", "人工终止妊娠"), marked=True),
    Word("reproduction", N_("人类辅助生殖技术"), ("辅助生殖",), marked=True),
    Word("cosmetic", N_("医疗美容"), ("无证医疗美容", "注射美容", "非法医疗美容", "医美"), marked=True),
    Word("internal", N_("内科诊疗"), ("内科", "全科")),
    Word("dental", N_("口腔诊疗"), ("口腔", "牙科", "补牙", "镶牙")),
    Word("tcm", N_("中医诊疗"), ("中医", "针灸推拿", "针灸", "推拿", "正骨")),
    Word("std", N_("性病诊疗"), ("性病",)),
    Word("eye", N_("眼科诊疗"), ("眼科", "近视治疗")),
    Word("drug_sale", N_("违规售药坐诊"), ("坐堂行医", "坐堂")),
    Word("blood", N_("非法采供血"), ("采供血",)),
    Word("other", N_("其他诊疗"), ("其他",)),
)
PREMISES = (
    Word("rental", N_("出租房屋"), ("出租房", "租赁房屋", "群租房")),
    Word("residence", N_("居民住宅"), ("住宅", "居民楼")),
    Word("construction", N_("工地及周边"), ("工地", "建筑工地", "工地周边")),
    Word("industrial_park", N_("产业园区"), ("工业园区", "园区", "厂区")),
    Word("market", N_("市场商圈"), ("五金城", "包装城", "集贸市场", "农贸市场", "商圈")),
    Word("office", N_("商务楼宇"), ("大型商业楼宇", "写字楼", "楼宇")),
    Word("beauty", N_("生活美容机构"), ("美容院", "生活美容")),
    Word("hotel", N_("宾馆会所"), ("宾馆", "酒店", "会所", "宾馆酒店")),
    Word("pharmacy", N_("零售药店"), ("药店",)),
    Word("wellness", N_("养生保健场所"), ("养生馆", "保健", "疾病研究院")),
    Word("shopfront", N_("沿街门面"), ("沿街商铺", "门面", "商铺")),
    Word("stall", N_("占道摊点"), ("摊点", "设摊", "流动摊点")),
    Word("other", N_("其他场所"), ("其他",)),
)
RISK = (
    Word("high", N_("高风险"), ("高",)),
    Word("mid", N_("中风险"), ("中",)),
    Word("low", N_("低风险"), ("低",)),
    Word("ungraded", N_("未评级"), ("未定级", "")),
)
SITE_EVENT = (
    Word("found", N_("发现"), ("查见", "首次发现")),
    Word("warned", N_("劝导停业"), ("劝导", "宣传政策")),
    Word("ordered", N_("责令整改"), ("责令限期整改", "责令改正")),
    Word("closed", N_("取缔"), ("联合取缔", "依法取缔")),
    Word("self_closed", N_("自行歇业"), ("歇业", "自行关闭")),
    Word("relapsed", N_("回潮"), ("死灰复燃", "再次行医")),
    Word("cleared", N_("消除"), ("清除", "销号", "已消除")),
    Word("graded", N_("风险评级"), ("风险研判", "评级", "风险等级研判")),
)
SITE_STATUS = (
    Word("active", N_("在营"), ("营业", "活动")),
    Word("closed", N_("已取缔")),
    Word("self_closed", N_("已自行歇业")),
    Word("cleared", N_("已消除")),
    Word("unknown", N_("状态不明")),
)
LEAD_SOURCE = (
    Word("hotline_12345", N_("12345热线"), ("12345", "12345市民热线", "市民热线")),
    Word("hotline_12320", N_("12320热线"), ("12320", "12320卫生热线")),
    Word("letter", N_("信访来信"), ("信访", "来信来访", "电子信箱")),
    Word("patrol", N_("巡查发现"), ("巡查", "协管员巡查", "居民区巡查", "网格员")),
    Word("transfer", N_("部门移送"), ("部门通报", "移送", "移交")),
    Word("internet", N_("互联网监测"), ("互联网", "网络监测", "广告监测")),
    Word("comparison", N_("系统比对"), ("信息比对", "数据比对")),
    Word("undercover", N_("暗访"), ("明查暗访",)),
    Word("reward", N_("有奖举报"), ("举报", "群众举报", "举报电话")),
    Word("other", N_("其他来源"), ("其他",)),
)
LEAD_RESULT = (
    Word("confirmed", N_("属实"), ("查实", "已查实")),
    Word("unfounded", N_("不属实"), ("未查实", "查否")),
    Word("pending", N_("核查中"), ("未办结", "待核查", "")),
)
CASE_KIND = (
    Word("unlicensed", N_("无证行医"), ("非法行医",)),
    Word("advert", N_("医疗广告"), ("广告", "违法广告", "广告案件")),
    Word("licensed", N_("有证机构违规"), ("超范围执业", "机构违规")),
    Word("drug", N_("药品器械"), ("药械", "假劣药")),
    Word("rental", N_("违规出租"), ("房屋租赁",)),
    Word("criminal", N_("刑事案件"), ("刑事",)),
    Word("other", N_("其他案件"), ("其他",)),
)
CASE_EVENT = (
    Word("filed", N_("立案"), ("立案查处",)),
    Word("investigating", N_("调查取证"), ("调查", "调查中")),
    Word("notified", N_("处罚告知"), ("告知", "事先告知")),
    Word("extended", N_("延期"), ("延长办案期限", "批准延期")),
    Word("suspended", N_("中止"), ("扣除期限", "中止调查")),
    Word("resumed", N_("恢复"), ("恢复调查",)),
    Word("decided", N_("处罚决定"), ("决定", "作出决定", "行政处罚")),
    Word("executed", N_("执行"), ("执行完毕", "缴纳罚款")),
    Word("transferred", N_("移送公安"), ("移送", "移交公安", "移送司法")),
    Word("typical_case", N_("报送典型案例"), ("典型案例", "典型案例曝光", "典型案例上报")),
    Word("not_typical", N_("不作典型案例"), ("不报送典型案例",)),
    Word("withdrawn", N_("撤案"), ("销案", "不予处罚")),
    Word("closed", N_("结案"), ("办结",)),
)
PENALTY_KIND = (
    Word("fine", N_("罚款"), ("罚没款",)),
    Word("warning", N_("警告"), ("责令改正",)),
    Word("confiscation", N_("没收"), ("没收违法所得",)),
    Word("suspension", N_("责令停止执业"), ("停业", "责令停止")),
    Word("other", N_("其他处罚"), ("其他",)),
)
SEIZURE_KIND = (
    Word("income", N_("违法所得"), ("没收违法所得",)),
    Word("device", N_("诊疗器械"), ("器械", "医疗器械")),
    Word("drug", N_("药品"), ("药物",)),
    Word("other", N_("其他物品"), ("其他",)),
)
GOODS_QUALITY = (
    Word("counterfeit", N_("假药")),
    Word("inferior", N_("劣药")),
    Word("substandard", N_("不符合国家规定标准的卫生材料、医疗器械"), ("不合格器械", "未经注册的器械", "未经批准的器械", "不符合标准")),
)
TRANSFER_KIND = (
    Word("case", N_("案件移送"), ("案件",)),
    Word("lead", N_("线索移交"), ("线索",)),
)
TARGET_KIND = (
    Word("grid", N_("网格"), ("网格巡查", "")),
    Word("site", N_("历史点位"), ("点位", "无证行医点")),
    Word("construction", N_("建筑工地"), ("工地",)),
    Word("subject", N_("重点人员"), ("人员", "对象")),
    Word("lead", N_("线索核查"), ("线索", "投诉")),
    Word("other", N_("其他场所"), ("其他", "场所")),
)
VISIT_MODE = (
    Word("patrol", N_("日常巡查"), ("巡查", "巡排查", "排查", "")),
    Word("inspection", N_("执法检查"), ("检查", "监督检查")),
    Word("revisit", N_("回访复查"), ("回访", "复查", "追踪复查", "每月巡查")),
    Word("verification", N_("线索核查"), ("核查", "投诉核查")),
    Word("joint", N_("联合巡查"), ("联合检查",)),
)
FINDING = (
    Word("none", N_("无发现"), ("无异常", "未发现", "未发现异常", "正常", "无")),
    Word("suspect", N_("疑似"), ("可疑", "发现疑似", "疑似发现")),
    Word("confirmed", N_("有发现"), ("确认", "属实", "发现无证行医", "查实")),
)
CONSTRUCTION_PHASE = (
    Word("preparation", N_("施工准备"), ("准备",)),
    Word("foundation", N_("基础施工"), ("基坑", "桩基")),
    Word("structure", N_("主体结构"), ("主体",)),
    Word("fitting", N_("装饰装修"), ("装修",)),
    Word("finished", N_("竣工"), ("完工", "已竣工")),
    Word("stopped", N_("停工"), ("暂停",)),
)
ACTIVITY_KIND = (
    Word("publicity", N_("宣传"), ("宣传活动",)),
    Word("training", N_("培训"), ("业务培训",)),
    Word("drill", N_("应急演练"), ("演练",)),
    Word("joint_enforcement", N_("联合执法"), ("联合整治", "联合行动", "无证行医联合执法")),
    Word("enforcement", N_("执法行动"), ("专项执法", "日常执法")),
    Word("supervision", N_("督导"), ("督查",)),
    Word("assistance", N_("公安协查"), ("协查",)),
    Word("typical_case", N_("典型案例报送"), ("典型案例", "典型案例曝光", "典型案例上报")),
    Word("report", N_("材料报送"), ("报送", "报送材料", "上报材料")),
)
MEETING_LEVEL = (
    Word("city", N_("市级")),
    Word("district", N_("区级"), ("区", "县级", "县")),
    Word("street", N_("街镇级"), ("街镇", "街道", "镇")),
)
DECISION_STATE = (
    Word("open", N_("办理中"), ("进行中", "未完成", "待办")),
    Word("answered", N_("已反馈"), ("反馈",)),
    Word("done", N_("已完成"), ("完成", "办结", "销项")),
    Word("cancelled", N_("已取消"), ("取消", "撤销")),
)
ADVERSE_KIND = (
    Word("media", N_("媒体负面报道"), ("媒体报道", "负面报道")),
    Word("undercover", N_("暗访发现"), ("省级暗访",)),
    Word("death", N_("致人死亡"), ("死亡",)),
    Word("disability", N_("致人伤残"), ("伤残",)),
    Word("epidemic", N_("甲类传染病传播、流行或有其危险"), ("甲类传染病传播", "传染病传播", "传染病")),
    Word("serious", N_("其他情节严重的情形"), ("其他情节严重", "情节严重")),
)
CAMPAIGN_ROW = (
    Word("campaign", N_("行动"), ("专项行动",)),
    Word("stage", N_("阶段")),
    Word("milestone", N_("节点"), ("里程碑",)),
    Word("target", N_("指标"), ("目标",)),
)
TASK_ROW = (
    Word("target", N_("清单对象"), ("对象", "")),
    Word("quota", N_("数量任务"), ("数量", "户次任务")),
)
SUBJECT_KIND = (
    Word("person", N_("个人"), ("人员", "自然人", "")),
    Word("unit", N_("单位"), ("机构", "企业")),
)
RESIDENCE = (
    Word("resident", N_("仍在本区活动"), ("仍居住", "在本区", "是")),
    Word("left", N_("已离开本区"), ("离开", "否", "已离沪")),
    Word("unknown", N_("去向不明"), ("不详", "")),
)
QUALIFICATION = (
    Word("none", N_("无")),
    Word("village_prevention", N_("村防保员")),
    Word("village_health", N_("村公共卫生联系员")),
    Word("village_doctor", N_("乡村医生")),
    Word("assistant_physician", N_("执业助理医师")),
    Word("physician", N_("执业医师")),
    Word("nurse", N_("护士")),
    Word("dispenser", N_("药士")),
    Word("pharmacist", N_("药师")),
    Word("unknown", N_("待核"), ("不详", "")),
)

REGISTER = (
    Word("patrol_visit", N_("巡查记录")),
    Word("site", N_("历史点位")),
    Word("site_event", N_("点位事件")),
    Word("lead", N_("线索")),
    Word("case", N_("案件")),
    Word("penalty", N_("行政处罚")),
    Word("seizure", N_("没收物品")),
    Word("construction_site", N_("建筑工地")),
    Word("subject", N_("历年被查处对象名单")),
)
ACTIVITY_ROLE = (
    Word("lead", N_("牵头")),
    Word("support", N_("配合")),
)
GRID_STATE = (
    Word("ok", N_("按期")),
    Word("due", N_("临期")),
    Word("over", N_("逾期")),
    Word("never", N_("从未巡查"), ("未巡",)),
)
GRID_FINDING = (
    Word("unvisited", N_("未巡查")),
    Word("none", N_("无发现")),
    Word("suspect", N_("疑似")),
    Word("confirmed", N_("有发现")),
)
CASE_STATE = (
    Word("open", N_("在办")),
    Word("decided", N_("已处罚")),
    Word("transferred", N_("已移送")),
    Word("closed", N_("已结案")),
    Word("withdrawn", N_("已撤案")),
)
STOCK_PART = (
    Word("opening", N_("期初")),
    Word("added", N_("新增")),
    Word("relapsed", N_("回潮")),
    Word("cleared", N_("清除")),
    Word("closing", N_("期末")),
)
LOCATED = (
    Word("point", N_("有坐标")),
    Word("area", N_("仅有所属区域")),
    Word("outside", N_("未落入网格")),
)
DEADLINE_KIND = (
    Word("case", N_("案件办理期限")),
    Word("lead", N_("线索核查期限")),
    Word("transfer", N_("移送反馈期限")),
    Word("decision", N_("议定事项期限")),
    Word("task", N_("季度任务期限")),
)
KEY_PLACE = (
    Word("site", N_("历史点位")),
    Word("construction", N_("建筑工地")),
    Word("subject", N_("重点人员")),
)
PATROL_QUESTION = (
    Word("same_minute", N_("同一分钟、相距较远的巡查")),
    Word("quarter_end", N_("季末集中的巡查")),
    Word("copied_note", N_("文字相同的巡查记录")),
    Word("outside", N_("位置不在所填网格内的巡查")),
)
LIST_STAGE = (
    Word("system_checked", N_("待系统比对")),
    Word("field_checked", N_("待实地核查")),
    Word("graded", N_("待风险研判")),
    Word("controlled", N_("待落实管控")),
    Word("joint_action", N_("待联合执法")),
)
UNLOCATED_REASON = (
    Word("no_point", N_("无坐标，按所属区域显示")),
    Word("outside", N_("坐标未落入任何网格")),
)

TABLES: dict[str, tuple[Word, ...]] = {
    name.lower(): words
    for name, words in list(globals().items())
    if name.isupper() and isinstance(words, tuple) and words and isinstance(words[0], Word)
}
"""Every code list by its name in lower case, e.g. ``TABLES["visit_mode"]``."""


def name_of(table: str, code: str | None) -> str:
    """The Chinese name of a code; the code itself when the list does not know it."""
    return next((word.name for word in TABLES[table] if word.code == code), code or "")


def code_of(table: str, text: str) -> str | None:
    """The code that a code, name or alias means, or None."""
    text = text.strip()
    for word in TABLES[table]:
        if text in (word.code, word.name) or text in word.aliases:
            return word.code
    return None
