"""The district's roads and paths as lines, along which a round is led (路网)."""

from data_access.importing.kinds import Column, Kind
from rules.language import N_

KIND = Kind(
    name="roads", label=N_("路网"), table="road", order=12, lines=True,
    columns=(
        Column(N_("编号"), "number", aliases=("道路编号", "路段编号", "osm_id", "osmid", "@id", "ID", "OBJECTID", "FID"),
               help=N_("可留空；填写后再次导入时按编号识别同一条")),
        Column(N_("道路名称"), "name", aliases=("名称", "路名", "name", "NAME"), example="青禾路"),
        Column(N_("道路等级"), "road_class", aliases=("等级", "道路类型", "类型", "highway", "fclass"),
               help=N_("可留空；footway、path、steps、pedestrian 只供步行，motorway 不供步行（OpenStreetMap 的 highway）")),
        Column(N_("单行"), "direction", "word", words="road_direction", aliases=("单行线", "是否单行", "通行方向", "oneway", "one_way"), default="both",
               help=N_("留空为双向；是或单行：沿画线方向；-1 或反向：逆画线方向。步行不受单行限制")),
        Column(N_("步行"), "on_foot", "bool", aliases=("仅供步行", "步行道", "人行", "foot_only"), default=False, help=N_("只供步行的小路填“是”")),
    ),
)
