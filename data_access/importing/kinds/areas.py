"""The district, its streets, neighbourhoods and grids, each version with its days."""

from data_access.importing.kinds import Column, Kind, day
from rules.language import N_

KIND = Kind(
    name="areas", label=N_("区域边界"), table="area", order=10, key=("code", "valid_from"), geometry=True,
    columns=(
        Column(N_("代码"), "code", required=True, aliases=("编号", "区域代码", "单元网格编号", "网格编号", "网格代码", "村居代码", "居委代码", "街镇代码", "街道代码", "行政区划代码", "gridcode", "code"), example="990114001"),
        Column(N_("名称"), "name", required=True, aliases=("区域名称", "网格名称", "村居名称", "居委名称", "街镇名称", "街道名称", "name", "NAME"), example="青禾街道"),
        Column(N_("层级"), "level", "word", words="area_level", aliases=("级别", "区域层级", "level"), help=N_("区县、街镇、村居或网格；整个文件同一层级时可在导入时指定"), example="街镇"),
        Column(N_("类型"), "type", "word", words="area_type", aliases=("区域类型",), example="街道"),
        Column(N_("上级代码"), "parent_code", aliases=("上级", "所属街镇", "所属街道", "上级区域", "街镇", "街道", "parent"), help=N_("上级区域的代码或名称；留空时按位置归入"), example="990114"),
        Column(N_("英文名"), "name_en", aliases=("英文名称", "name_en"), example="Qinghe Subdistrict"),
        Column(N_("简称"), "short_name", aliases=("短名",), example="青禾"),
        Column(N_("别名"), "aliases", "names", help=N_("多个用顿号隔开")),
        Column(N_("由何区域划出"), "predecessors", "names", aliases=("前身", "原区域"), help=N_("拆分、合并前的代码，多个用顿号隔开")),
        Column(N_("重点区域"), "priority", "bool", aliases=("重点村居",)),
        day(N_("启用日期"), "valid_from", aliases=("生效日期", "起始日期", "valid_from"), help=N_("留空表示一直有效")),
        day(N_("停用日期"), "valid_to", aliases=("失效日期", "截止日期", "valid_to"), help=N_("最后一天；仍在使用时留空")),
    ),
)
