"""Facts of a small district that can be checked by hand: two streets, one hotspot, three decisions."""

from copy import deepcopy

import geopandas as gpd
from shapely.geometry import box

from briefing.documents import PaperSettings

FIGURES = {
    "K1": ("巡排查", "户次", 3175), "K2": ("宣传", "次", 103), "K3": ("发放宣传资料", "份", 15599), "K4": ("组织培训", "次", 45),
    "K5": ("培训人数", "人", 1378), "K6": ("出动执法人员", "人次", 171), "K7": ("出动执法车辆", "台次", 46), "K8": ("无证行医联合执法", "次", 20),
    "K9": ("联合办案", "次", 7), "K10": ("召开联席会议", "次", 8), "K11": ("应急演练", "次", 1), "K12": ("检查无证行医点", "户次", 50),
    "K13": ("取缔无证行医", "户次", 6), "K14": ("查处无证行医", "户", 9), "K15": ("行政处罚", "户次", 2), "K15_open": ("调查中", "户", 1),
    "K16": ("罚款户数", "户", 2), "K17": ("罚款金额", "元", 310000), "K18": ("没收违法所得", "元", 530), "K18_sites": ("没收违法所得户数", "户", 2),
    "K19": ("没收诊疗器械", "件", 15), "K20": ("没收药品", "盒", 9), "K21": ("市场监管立案查处广告案件", "件", 2), "K22": ("公安协查无证行医线索", "件", 5),
}  # fmt: skip

A1 = {"code": "A1", "name": "区卫生健康委", "name_en": "District Health Commission"}
A2 = {"code": "A2", "name": "区公安分局", "name_en": "Public Security Bureau"}
A3 = {"code": "A3", "name": "区市场监管局", "name_en": "Market Regulation"}

FORM = {
    "street_code": "S1", "street": "北桥镇", "unit_name": "某日用品店（内设诊室）", "people": "赵**", "address": "北桥路*号", "phone": "138****0000",
    "school": "—", "major": "—", "qualification": "无", "category": "内科补液", "joint_wanted": True, "advised_to_stop": True, "day": "2023-07-12",
}  # fmt: skip


def figure(name, unit, value, n=None, N=None):
    return {"name": name, "unit": unit, "value": value, "n": n, "N": N}


def street(code, name, name_en, grids, ok, due, over, never, before, after, verdict):
    return {
        "code": code, "name": name, "name_en": name_en, "short_name": name[:2], "grids": grids, "ok": ok, "due": due, "over": over, "never": never,
        "coverage": (ok + due) / grids, "key_n": 8, "key_N": 10, "visits": 100 * grids, "penalties": 1, "open_cases": 1, "high_sites": 2, "sites": 9,
        "events_before": before, "events_after": after, "exposure": 10_000, "ratio": after / before, "low": 0.3, "high": 1.4, "p": 0.32,
        "verdict": verdict,
        "overdue_grids": [{"code": f"{code}-G{at}", "days": 40 + at, "state": "over"} for at in range(over)]
        + [{"code": f"{code}-N{at}", "days": None, "state": "never"} for at in range(never)],
    }  # fmt: skip


def facts(**changes):
    """A fresh copy every time; ``changes`` replace whole keys."""
    north = street("S1", "北桥镇", "Beiqiao Town", 10, 6, 2, 1, 1, 6, 12, "波动范围内")
    south = street("S2", "南浦街道", "Nanpu Subdistrict", 20, 16, 3, 1, 0, 11, 3, "倾向下降")
    whole = street("990114", "示范区", "Demo District", 30, 22, 5, 2, 1, 17, 15, "波动范围内") | {"overdue_grids": []}
    made = {
        "version": 1, "district": whole, "demo": True, "scope": {"areas": [], "agencies": []}, "as_of": "2023-07-31", "start": "2023-07-01",
        "end": "2023-07-31", "before": {"start": "2023-06-01", "end": "2023-06-30"}, "taken_at": "2023-07-31T10:46:00+08:00", "data_version": {"visit": 3},
        "meeting": {
            "id": "m1", "number": "2023年第8次", "day": "2023-07-31", "level": "district", "name": "打击非法行医联席会议", "convener": A1,
            "members": [A1, A2, A3], "invited": [A3], "present": [A1, A2], "absent": [A3], "minutes_number": "示联纪〔2023〕8号",
            "liaisons": [{"agency": A1["name"], "name": "示＊＊"}],
        },
        "figures": {key: figure(*one) for key, one in FIGURES.items()} | {"K27": figure("投诉举报查实率", "%", 0.28, 7, 25)},
        "figures_before": {key: figure(name, unit, value // 2) for key, (name, unit, value) in FIGURES.items()}
        | {"K27": figure("投诉举报查实率", "%", None, 0, 0)},
        "streets": [north, south],
        "agencies": [
            {"code": "A1", "name": "区卫生健康委", "name_en": "District Health Commission", "system": "health", "visits": 1800, "people": 90,
             "joint_actions": 20, "cases_handled": 5, "transfers_in": 1, "transfers_out": 2, "feedback_n": 3, "feedback_N": 4, "on_time_n": 9, "on_time_N": 10, "overdue": 1},
            {"code": "A2", "name": "区公安分局", "name_en": "Public Security Bureau", "system": "police", "visits": 300, "people": 40,
             "joint_actions": 20, "cases_handled": 0, "transfers_in": 2, "transfers_out": 0, "feedback_n": 1, "feedback_N": 2, "on_time_n": 1, "on_time_N": 2, "overdue": 1},
            {"code": "A3", "name": "区市场监管局", "name_en": "Market Regulation", "system": "market", "visits": 200, "people": 41,
             "joint_actions": 11, "cases_handled": 2, "transfers_in": 0, "transfers_out": 1, "feedback_n": 0, "feedback_N": 0, "on_time_n": 2, "on_time_N": 2, "overdue": 0},
        ],
        "grid_classes": {"S1-G0": "very_high", "S1-N0": "high", "S2-G0": "under_patrolled"},
        "hotspots": [{
            "rank": 1, "name": "北桥西片", "street_codes": ["S1"], "members": ["S1-G0", "S1-N0"], "observed": 14, "expected": 4.6, "relative_risk": 3.0,
            "llr": 6.2, "p": 0.002, "simulations": 999, "histogram": {"edges": [0, 1, 2, 3, 4, 5, 6, 7], "counts": [10, 300, 400, 200, 70, 15, 4], "own": 6.2},
            "class": "very_high", "sentence": {"zh": "近6个月发生14件，预期约4.6件，是预期的3.0倍。", "en": "14 matters in 6 months where about 4.6 were expected: 3.0 times as many."},
            "detail": {"zh": "999次随机模拟中只有1次同样强（p=0.002）。", "en": "Only 1 of 999 random simulations was as strong (p=0.002)."},
            "repeat": [{"grid": "S1-G0", "premises": "rented", "count": 4}, {"grid": "S1-N0", "premises": "street_shop", "count": 2}],
            "sites": 19, "high_risk_sites": 1, "construction_sites": 2, "overdue_grids": 2, "must_transfer": 1, "watch": 2,
            "open_cases": [{"street_code": "S1", "street": "北桥镇", "days_left": 3}], "lead_system": "health", "support_systems": ["police", "housing"],
            "reason": {"zh": "证据多为出租房内行医。", "en": "Most evidence is practice in rented rooms."}, "lon": 121.05, "lat": 31.05, "thin_effort": True,
        }],
        "decisions": [
            {"id": "d1", "number": "JY-01", "kind": "decision", "text": "出租房屋备案核查12处", "done_when": "12处全部有核查结果", "agency_code": "A3", "agency": "区市场监管局", "agency_area": None,
             "support": [A2 | {"area_code": None}], "street_code": "S1", "due_on": "2023-07-24", "state": "open", "days_left": -7, "feedback": None, "carried": True, "meeting_id": "m0"},
            {"id": "d2", "number": "JY-02", "kind": "plan", "text": "北桥西片一点一方案，联合执法2次", "done_when": "两次联合执法完成", "agency_code": "A1", "agency": "区卫生健康委", "agency_area": None,
             "support": [A2 | {"area_code": None}], "street_code": "S1", "due_on": "2023-08-15", "state": "open", "days_left": 15, "feedback": None, "carried": False, "meeting_id": "m1"},
            {"id": "d3", "number": "JY-03", "kind": "decision", "text": "移送材料补齐", "done_when": None, "agency_code": "A2", "agency": "区公安分局", "agency_area": None,
             "support": [], "street_code": None, "due_on": "2023-07-20", "state": "done", "days_left": None, "feedback": "已补齐", "carried": True, "meeting_id": "m0"},
        ],
        "trackers": {
            "must_transfer": [{"subject": "SUB-7", "penalties": 2, "last_penalty_on": "2022-11-02", "again_on": "2023-06-20", "age_days": 41, "street_code": "S1", "street": "北桥镇", "agency_code": "A1", "agency": "区卫生健康委"}],
            "watch": [{"subject": "SUB-9", "penalties": 2, "last_penalty_on": "2023-05-02", "again_on": None, "age_days": None, "street_code": "S2", "street": "南浦街道", "agency_code": "A1", "agency": "区卫生健康委"}],
        },
        "recurrence": {
            "closures": 40, "returned": 12, "median_days": 61, "intervals": [{"days": 30, "n": 4, "N": 40}, {"days": 90, "n": 9, "N": 36}],
            "near_repeat": [{"distance_m": 200, "days": 14, "ratio": 1.8, "p": 0.01}], "displaced": [{"from_street": "S1", "to_street": "S2", "by": "phone", "count": 3}],
        },
        "campaign_effect": {
            "campaign": "蓝盾示例", "start": "2023-07-01", "end": "2023-07-31", "before": 40, "during": 22, "after": 25, "ratio": 0.62, "low": 0.4, "high": 0.97, "p": 0.04, "control": "streets",
            "sentence": {"zh": "行动街镇的事件为此前的0.62倍，未参加街镇同期为0.95倍。", "en": "0.62 times as many in campaign streets, 0.95 in the others."},
        },
        "cases": [{"number": "AJ-1", "kind": "unlicensed", "category": "infusion", "street_code": "S1", "street": "北桥镇", "stage": "filed", "days_left": 3, "agency_code": "A1", "agency": "区卫生健康委"}],
        "deadlines": [
            {"kind": "case", "number": "AJ-1", "title": "案件办理", "agency_code": "A1", "agency": "区卫生健康委", "street_code": "S1", "street": "北桥镇", "due_on": "2023-08-03", "days_left": 3},
            {"kind": "transfer", "number": "YS-2", "title": "线索移交", "agency_code": "A2", "agency": "区公安分局", "street_code": "S2", "street": "南浦街道", "due_on": "2023-07-12", "days_left": -19},
        ],
        "registered_places": [FORM], "joint_needs": {"S1": {"found": 9, "unheeding": 4}, "S2": {"found": 2, "unheeding": 0}},
    }  # fmt: skip
    return deepcopy(made | changes)


def outlines():
    """Two streets side by side in EPSG:4326, of two grids each, each a tenth of a degree wide."""
    rows = [
        ("990114", "district", "示范区", "Demo District", None, box(121.0, 31.0, 121.2, 31.1)),
        ("S1", "street", "北桥镇", "Beiqiao Town", "S1", box(121.0, 31.0, 121.1, 31.1)),
        ("S2", "street", "南浦街道", "Nanpu Subdistrict", "S2", box(121.1, 31.0, 121.2, 31.1)),
        ("S1-G0", "grid", "S1-G0", "", "S1", box(121.0, 31.0, 121.05, 31.1)), ("S1-N0", "grid", "S1-N0", "", "S1", box(121.05, 31.0, 121.1, 31.1)),
        ("S2-G0", "grid", "S2-G0", "", "S2", box(121.1, 31.0, 121.15, 31.1)), ("S2-A", "grid", "S2-A", "", "S2", box(121.15, 31.0, 121.2, 31.1)),
    ]  # fmt: skip
    frame = gpd.GeoDataFrame(rows, columns=["code", "level", "name", "name_en", "street_code", "geometry"], geometry="geometry", crs=4326)
    middle = frame.geometry.representative_point()
    return frame.assign(label_lon=middle.x, label_lat=middle.y)


def settings(**changes):
    return PaperSettings(**({"demo": True, "snapshot": "第1号 3f9c2a1b", "outlines": outlines()} | changes))
