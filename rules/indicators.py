"""The figures and their definition cards: what counts, in which unit, for which agency, from which source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rules.language import N_, Translate


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of a period.

    Attributes:
        key: key of ``INDICATORS``.
        name: Chinese source string.
        unit: Chinese source string; ``%`` for a ratio, whose value is 0..1.
        value: a number; None where nothing can be said (denominator 0), 0 only for a true zero.
        n, N: numerator and denominator of a ratio.
    """

    key: str
    name: str
    unit: str
    value: float | int | None
    n: int | None = None
    N: int | None = None


@dataclass(frozen=True, slots=True)
class Indicator:
    """The definition card of a figure; every text is a Chinese source string.

    Attributes:
        key: K1 .. K41 of the KPI dictionary.
        name: the label on every screen, exactly.
        unit: 户次, 次, 份, 人, 元, ...; ``%`` for a ratio.
        counts: what one unit is and what does not count.
        filter: which day decides, and which filters narrow it.
        agency_note: what an agency's share of it is, and whether shares add up.
        source: where the indicator stands.
        always: whether it is shown even when its register is empty.
        shared: the several 户次 or rows of one 户 count once.
    """

    key: str
    name: str
    unit: str
    counts: str
    filter: str
    agency_note: str
    source: str
    always: bool = False
    shared: bool = False


PERFORMED = N_("按实施部门计，各部门相加等于合计")
ADDS_UP = N_("按各部门实际出动计，各部门相加等于合计")
TOOK_PART = N_("按参与计：牵头或配合的部门各计一次，各部门相加会大于合计")
HANDLED = N_("按办理部门计，各部门相加等于合计")
MARKET = N_("只计市场监管部门立案的")
NO_AGENCY = N_("不按部门区分")

DAY_PLACE = N_("以发生日在所选期间内为准；随街镇、网格和部门筛选变化，不受诊疗类别、场所类型筛选影响")
DAY_TARGET = N_("以巡查日在所选期间内为准；选择诊疗类别或场所类型时只计对象属于该类的户次")
DAY_KIND = N_("以发生日在所选期间内为准；随街镇、网格、部门、诊疗类别、场所类型筛选变化")

_CARDS = (
    ("K1", N_("巡排查"), N_("户次"), N_("全部巡查记录的户次之和；一条记录可含多户次，同一处去三次计三次"), DAY_TARGET, PERFORMED, "S0"),
    ("K2", N_("宣传"), N_("次"), N_("宣传活动的场次"), DAY_PLACE, PERFORMED, "S0"),
    ("K3", N_("发放宣传资料"), N_("份"), N_("各类活动发放的宣传资料份数之和"), DAY_PLACE, PERFORMED, "S0"),
    ("K4", N_("组织培训"), N_("次"), N_("培训的场次"), DAY_PLACE, PERFORMED, "S0；S1"),
    ("K5", N_("培训人数"), N_("人"), N_("各场培训参加人数之和；同一人参加两场计两次"), DAY_PLACE, PERFORMED, "S0"),
    ("K6", N_("出动执法人员"), N_("人次"), N_("各部门在各类活动中出动的人次之和；巡查人员不计入"), DAY_PLACE, ADDS_UP, "S0；S4"),
    ("K7", N_("出动执法车辆"), N_("台次"), N_("各部门在各类活动中出动的车辆台次之和"), DAY_PLACE, ADDS_UP, "S4"),
    ("K8", N_("无证行医联合执法"), N_("次"), N_("联合执法行动的次数"), DAY_PLACE, TOOK_PART, "S0；S1"),
    ("K9", N_("联合办案"), N_("次"), N_("联合办理的案件，一案一次，计在联合办案之日；未填该日的计在立案之日"), DAY_KIND, TOOK_PART, "S0"),
    ("K10", N_("召开联席会议"), N_("次"), N_("各级联席会议的次数；部门按召集或到会计"), DAY_PLACE, TOOK_PART, "S0"),
    ("K11", N_("应急演练"), N_("次"), N_("无证行医突发事件应急演练的次数"), DAY_PLACE, PERFORMED, "S0"),
    ("K12", N_("检查无证行医点"), N_("户次"), N_("对点位执法检查的户次；当日全天处于已取缔、已自行歇业或已消除状态的点位不计，取缔当日和回潮当日的检查计入；回访复查不计"), DAY_KIND, HANDLED, "S0"),
    ("K13", N_("取缔无证行医"), N_("户次"), N_("点位取缔事件的次数；同一处两次取缔计两次"), DAY_KIND, HANDLED, "S0；S4"),
    ("K14", N_("查处无证行医"), N_("户"), N_("期内被取缔、因无证行医被立案或受行政处罚的不同场所（人员）数，同一户计一次"), DAY_KIND, HANDLED, "S4"),
    ("K15", N_("行政处罚"), N_("户次"), N_("期内对无证行医作出的行政处罚决定；属于其他类别案件的不计"), DAY_KIND, HANDLED, "S0"),
    ("K15_open", N_("调查中"), N_("户"), N_("期内因无证行医立案，至期末（不晚于统计日）仍未决定、未移送、未撤案、未结案的不同场所（人员）数"), DAY_KIND, HANDLED, "S0"),
    ("K16", N_("罚款户数"), N_("户"), N_("期内无证行医罚款决定涉及的不同场所（人员）数"), DAY_KIND, HANDLED, "S4"),
    ("K17", N_("罚款金额"), N_("元"), N_("期内无证行医行政处罚决定的罚款之和"), DAY_KIND, HANDLED, "S0；S4"),
    ("K18", N_("没收违法所得"), N_("元"), N_("现场没收与处罚决定没收的违法所得之和；属于其他类别案件的不计"), DAY_KIND, HANDLED, "S0；S4"),
    ("K18_sites", N_("没收违法所得户数"), N_("户"), N_("被没收违法所得的不同场所（人员）数"), DAY_KIND, HANDLED, "S4"),
    ("K19", N_("没收诊疗器械"), N_("件"), N_("没收诊疗器械的件数，件、台件、台、个同计；其他单位另列，不相加"), DAY_KIND, HANDLED, "S0；S4"),
    ("K20", N_("没收药品"), N_("盒"), N_("没收药品中以盒计的数量；以瓶、箱等计的另列，不相加"), DAY_KIND, HANDLED, "S0；S4"),
    ("K21", N_("市场监管立案查处广告案件"), N_("件"), N_("期内由市场监管部门立案的医疗广告案件"), DAY_KIND, MARKET, "S0"),
    ("K22", N_("公安协查无证行医线索"), N_("件"), N_("公安协查的件数"), DAY_PLACE, PERFORMED, "S0"),
    ("K23", N_("移交公安机关"), N_("件"), N_("期内移送公安的无证行医案件，一案一件"), DAY_KIND, HANDLED, "S4"),
    ("K24", N_("结案"), N_("起"), N_("期内结案的无证行医案件"), DAY_KIND, HANDLED, "S4"),
    ("K25", N_("警告或责令改正"), N_("家"), N_("期内被责令整改或受警告处罚的不同场所（人员）数"), DAY_KIND, HANDLED, "S4；S3"),
    ("K26", N_("投诉举报受理"), N_("件次"), N_("期内受理的12345、12320、信访和举报线索"), DAY_KIND, HANDLED, "S4"),
    ("K26_answered", N_("投诉举报反馈率"), "%", N_("期内受理的投诉举报中，至统计日已反馈的比例"), DAY_KIND, HANDLED, "S4"),
    ("K27", N_("投诉举报查实率"), "%", N_("期内受理的投诉举报中，查实数占已核查数的比例；核查中的不计入分母"), DAY_KIND, HANDLED, "S2"),
    ("K28", N_("日常巡排查任务完成率"), "%", N_("季度任务清单中已完成对象占下达对象的比例；在下达至期限之间去过即完成，每个对象计1，同一季度列入几份清单的同一对象只计1次，任一份清单内完成即完成；数量任务另计为巡查量进度，只在没有清单时按户次计"), N_("期间与所选期间相交的季度任务，截至期末（不晚于统计日）"), HANDLED, "S1；S2"),
    ("K29", N_("移动端使用率"), "%", N_("注明是否使用移动端的巡查记录中，使用移动端的比例"), DAY_TARGET, PERFORMED, "S2"),
    ("K34", N_("监督检查医疗机构"), N_("家"), N_("期内受过监督检查的有证医疗机构；一家检查多次计1，各次检查都列在明细里"), DAY_PLACE, NO_AGENCY, "S4"),
    ("K36", N_("无证行医致死"), N_("人"), N_("查证属实或未注明的致人死亡人数"), DAY_PLACE, NO_AGENCY, N_("S2；S3 附件3 二.7")),
    ("K36_disability", N_("无证行医致伤残"), N_("人"), N_("查证属实或未注明的致人伤残人数"), DAY_PLACE, NO_AGENCY, N_("S2；S3 附件3 二.7")),
    ("K37", N_("省级及以上媒体负面报道"), N_("起"), N_("查证属实或未注明、级别为省级及以上或未注明的媒体负面报道"), DAY_PLACE, NO_AGENCY, N_("S3 附件3 二.5")),
    ("K38", N_("省级暗访发现非法行医点"), N_("家"), N_("级别为省级及以上或未注明的暗访发现数"), DAY_PLACE, NO_AGENCY, N_("S3 附件3 二.6")),
    ("K41", N_("风险点存量"), N_("个"), N_("期末处于风险中的点位：已发现而未取缔、未自行歇业、未消除；期初＋新增＋回潮－清除＝期末"), N_("截至期末（不晚于统计日）；随街镇、网格、诊疗类别、场所类型筛选变化"), NO_AGENCY, "S0"),
)  # fmt: skip

ALWAYS = (*(f"K{number}" for number in range(1, 22)), "K15_open", "K18_sites")
"""Keys that are shown even where no row exists yet."""

_ONCE = ("K14", "K15_open", "K16", "K18_sites", "K23", "K24", "K25", "K34")

INDICATORS: dict[str, Indicator] = {
    card[0]: Indicator(*card, always=card[0] in ALWAYS, shared=card[0] in _ONCE) for card in _CARDS
}
"""Every figure's card by key, in the order of the KPI dictionary (DOMAIN 2, DESIGN 12)."""

DEVICE_UNITS = ("件", "台件", "台", "个")
"""Units of seized devices that mean one piece each (DOMAIN 2: 件 / 台件)."""

DRUG_UNIT = "盒"


def indicator(key: str) -> Indicator:
    """The card of a key; K19 and K20 in another unit (``K20_瓶``) have the card of K19 or K20.

    Raises:
        KeyError: no such figure.
    """
    if key in INDICATORS:
        return INDICATORS[key]
    head, _, unit = key.partition("_")
    if head in {"K19", "K20"} and unit:
        known = INDICATORS[head]
        return Indicator(key, known.name, unit, known.counts, known.filter, known.agency_note, known.source)
    raise KeyError(f"{key!r}: expected one of {', '.join(INDICATORS)}")


def figure(key: str, value: float | int | None) -> Figure:
    """A figure that counts; whole values become ints."""
    card = indicator(key)
    whole = None if value is None else int(value) if float(value).is_integer() else round(float(value), 2)
    return Figure(key, card.name, card.unit, whole)


def ratio_figure(key: str, n: int, N: int) -> Figure:
    """A figure that is a ratio 0..1 with its base; its value is None where ``N`` is 0."""
    card = indicator(key)
    return Figure(key, card.name, card.unit, n / N if N else None, int(n), int(N))


def figures_json(figures: Mapping[str, Figure], t: Translate) -> dict[str, dict[str, object]]:
    """``{"K1": {"name", "value", "unit"}, ...}`` in the reader's language; ratios with ``n`` and ``N``."""
    return {
        key: {"name": t(found.name), "value": found.value, "unit": t(found.unit) if found.unit != "%" else "%"}
        | ({} if found.N is None else {"n": found.n, "N": found.N})
        for key, found in figures.items()
    }
