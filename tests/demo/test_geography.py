"""The demo's map: a district's true proportions, nothing real, every level tiles the one above."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from data_access.demo.geography import MIDDLE, Geography, draw
from data_access.demo.units import FICTIONAL, UnknownNaming, units

REAL = ["南京东路", "外滩", "半淞园路", "小东门", "豫园", "老西门", "五里桥", "打浦桥", "淮海中路", "瑞金二路", "湖南路", "天平路", "枫林路", "徐家汇", "斜土路", "长桥", "漕河泾", "康健新村", "虹梅路", "田林", "凌云路", "龙华", "华泾", "华阳路", "江苏路", "新华路", "周家桥", "天山路", "仙霞新村", "虹桥", "程家桥", "北新泾", "新泾", "江宁路", "石门二路", "南京西路", "静安寺", "曹家渡", "天目西路", "北站", "宝山路", "共和新路", "大宁路", "彭浦", "临汾路", "芷江西路", "曹杨新村", "长风新村", "长寿路", "甘泉路", "石泉路", "宜川路", "万里", "真如", "长征", "桃浦", "欧阳路", "曲阳路", "广中路", "嘉兴路", "凉城新村", "四川北路", "北外滩", "江湾", "定海路", "平凉路", "江浦路", "四平路", "控江路", "长白新村", "延吉新村", "殷行", "大桥", "五角场", "新江湾城", "长海路", "江川路", "古美路", "新虹", "浦锦", "莘庄", "七宝", "颛桥", "华漕", "梅陇", "吴泾", "马桥", "浦江", "吴淞", "张庙", "友谊路", "罗店", "大场", "杨行", "月浦", "罗泾", "顾村", "高境", "庙行", "淞南", "嘉定", "新成路", "真新", "南翔", "安亭", "马陆", "徐行", "华亭", "外冈", "江桥", "菊园", "潍坊新村", "陆家嘴", "周家渡", "塘桥", "上钢新村", "南码头路", "沪东新村", "金杨新村", "洋泾", "浦兴路", "东明路", "花木", "川沙", "高桥", "北蔡", "合庆", "唐镇", "曹路", "金桥", "高行", "高东", "张江", "三林", "惠南", "周浦", "新场", "大团", "康桥", "航头", "祝桥", "泥城", "宣桥", "书院", "万祥", "老港", "南汇新城", "石化", "朱泾", "枫泾", "张堰", "亭林", "吕巷", "廊下", "金山卫", "漕泾", "山阳", "岳阳", "永丰", "方松", "中山", "广富林", "九里亭", "泗泾", "佘山", "车墩", "新桥", "洞泾", "九亭", "泖港", "石湖荡", "新浜", "叶榭", "小昆山", "夏阳", "盈浦", "香花桥", "朱家角", "赵巷", "徐泾", "华新", "重固", "白鹤", "练塘", "金泽", "南桥", "奉城", "四团", "柘林", "庄行", "金汇", "青村", "海湾", "西渡", "奉浦", "金海", "头桥", "城桥", "堡镇", "新河", "庙镇", "竖新", "向化", "三星", "港沿", "中兴", "陈家", "绿华", "港西", "建设", "新海", "东平", "长兴", "新村", "横沙"]  # fmt: skip


def _level(geography: Geography, level: str):
    areas = geography.areas
    return areas[(areas["level"] == level) & areas["valid_to"].isna()]


def test_there_are_12_units_399_committees_and_706_grids(geography: Geography) -> None:
    assert [len(_level(geography, level)) for level in ("district", "street", "neighbourhood", "grid")] == [1, 12, 399, 706]
    assert _level(geography, "street")["type"].value_counts().to_dict() == {"town": 6, "street": 4, "zone": 2}
    assert geography.areas["code"].is_unique


def test_sizes_are_those_of_the_design(geography: Geography) -> None:
    streets = _level(geography, "street").to_crs("EPSG:32651")
    sizes = streets.set_index("type").area / 1e6
    assert sizes.sum() == pytest.approx(460, abs=3)
    assert sizes["street"].between(4, 6).all()
    assert sizes["town"].between(33, 90).all()
    west, south, east, north = geography.areas.total_bounds
    assert west < MIDDLE[0] < east
    assert south < MIDDLE[1] < north


@pytest.mark.parametrize(("inner", "outer"), [("grid", "neighbourhood"), ("neighbourhood", "street"), ("street", "district")])
def test_every_level_tiles_the_one_above_edge_by_edge(geography: Geography, inner: str, outer: str) -> None:
    parts = _level(geography, inner)
    assert shapely.coverage_is_valid(parts.geometry.to_numpy())
    assert (parts.geometry.geom_type == "Polygon").all()
    for code, shape in _level(geography, outer)[["code", "geometry"]].itertuples(index=False):
        inside = parts.loc[parts["parent_code"] == code, "geometry"].to_numpy()
        assert shapely.equals(shapely.coverage_union_all(inside), shape)


def test_one_grid_became_two_on_the_first_day_of_2023(geography: Geography) -> None:
    areas = geography.areas.set_index("code")
    before, after = areas.loc[geography.predecessor], areas.loc[list(geography.successors)]
    assert before["valid_to"] == "2022-12-31"
    assert set(after["valid_from"]) == {"2023-01-01"}
    assert set(after["predecessors"]) == {geography.predecessor}
    assert shapely.equals(shapely.coverage_union_all(after["geometry"].to_numpy()), before["geometry"])


def test_no_unit_bears_a_real_name_of_shanghai() -> None:
    for unit in FICTIONAL:
        assert unit.short_name not in REAL
        assert not any(name.startswith(unit.short_name) for name in REAL)


def test_grid_prefixes_and_codes_cannot_be_taken_for_real_ones(geography: Geography) -> None:
    assert len({unit.prefix for unit in FICTIONAL}) == 12
    assert geography.grids["code"].str.fullmatch(r"[A-Z]{2}-\d{3}").all()
    assert geography.grids["street_code"].str.startswith("990114").all()


def test_internal_names_keep_the_invented_outline() -> None:
    real = draw(units("jiading"), "jiading", 7)
    invented = draw(units(), "fictional", 7)
    assert real.areas.loc[real.areas["level"] == "street", "name"].tolist()[4] == "江桥镇"
    assert shapely.equals_exact(real.grids.geometry.to_numpy(), invented.grids.geometry.to_numpy()).all()


def test_an_unknown_naming_is_refused_with_the_known_ones() -> None:
    with pytest.raises(UnknownNaming, match="fictional、jiading"):
        units("shanghai")


def test_another_seed_draws_another_district(geography: Geography) -> None:
    other = draw(units(), "fictional", 1)
    assert len(other.grids) == 706
    assert not np.array_equal(other.grids["x_km"], geography.grids["x_km"])
