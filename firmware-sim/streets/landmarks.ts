import { type Place, type Point, smooth, toPoint } from "./plane.ts";

export interface Named {
  readonly name: string;
  readonly nameZh: string;
}

export interface Landmark extends Named, Place {}

type Pair = readonly [longitude: number, latitude: number];

const points = (pairs: readonly Pair[]): Point[] =>
  pairs.map(([longitude, latitude]) => toPoint({ latitude, longitude }));

/** Half the width of the Huangpu, and the strip beside it that no street enters but the bridges. */
export const RIVER_HALF_WIDTH_M = 200;
export const RIVER_BANK_M = 225;

/** From the south to the mouth; the bend round Lujiazui is the mark of the city. */
export const RIVER = smooth(
  points([
    [121.452, 31.105],
    [121.462, 31.128],
    [121.468, 31.15],
    [121.463, 31.168],
    [121.468, 31.183],
    [121.487, 31.192],
    [121.503, 31.203],
    [121.51, 31.216],
    [121.505, 31.228],
    [121.494, 31.237],
    [121.497, 31.248],
    [121.513, 31.251],
    [121.535, 31.256],
    [121.554, 31.268],
    [121.564, 31.284],
    [121.561, 31.303],
    [121.553, 31.335],
  ]),
  false,
  8,
);

export const CREEK_HALF_WIDTH_M = 28;

/** Suzhou Creek; every street crosses it. */
export const CREEK = smooth(
  points([
    [121.345, 31.222],
    [121.37, 31.219],
    [121.39, 31.228],
    [121.41, 31.22],
    [121.425, 31.235],
    [121.445, 31.238],
    [121.455, 31.249],
    [121.472, 31.242],
    [121.494, 31.244],
  ]),
  false,
  8,
);

export interface MainRoad extends Named {
  readonly class: "expressway" | "arterial";
  readonly line: readonly Point[];
}

const road = (
  roadClass: MainRoad["class"],
  [name, nameZh]: readonly [string, string],
  pairs: readonly Pair[],
  closed = false,
): MainRoad => ({ class: roadClass, name, nameZh, line: smooth(points(pairs), closed, 12) });

/** Roads that cross the river or lie aslant over the blocks. */
export const MAIN_ROADS: readonly MainRoad[] = [
  road(
    "expressway",
    ["Inner Ring Elevated Road", "内环高架路"],
    [
      [121.418, 31.212],
      [121.423, 31.235],
      [121.441, 31.26],
      [121.475, 31.272],
      [121.512, 31.273],
      [121.542, 31.261],
      [121.556, 31.247],
      [121.551, 31.225],
      [121.532, 31.21],
      [121.5, 31.203],
      [121.47, 31.197],
      [121.438, 31.188],
      [121.424, 31.197],
    ],
    true,
  ),
  road(
    "expressway",
    ["Middle Ring Road", "中环路"],
    [
      [121.376, 31.21],
      [121.383, 31.25],
      [121.405, 31.285],
      [121.46, 31.303],
      [121.52, 31.304],
      [121.562, 31.292],
      [121.585, 31.268],
      [121.589, 31.225],
      [121.575, 31.18],
      [121.53, 31.152],
      [121.467, 31.155],
      [121.42, 31.158],
      [121.39, 31.175],
    ],
    true,
  ),
  road(
    "expressway",
    ["Yan'an Elevated Road", "延安高架路"],
    [
      [121.35, 31.195],
      [121.385, 31.204],
      [121.418, 31.212],
      [121.45, 31.224],
      [121.478, 31.231],
      [121.499, 31.237],
      [121.512, 31.238],
    ],
  ),
  road(
    "expressway",
    ["North-South Elevated Road", "南北高架路"],
    [
      [121.452, 31.32],
      [121.458, 31.29],
      [121.462, 31.25],
      [121.471, 31.222],
      [121.475, 31.197],
      [121.482, 31.175],
      [121.495, 31.15],
      [121.5, 31.12],
    ],
  ),
  road(
    "expressway",
    ["Humin Elevated Road", "沪闵高架路"],
    [
      [121.43, 31.187],
      [121.41, 31.16],
      [121.385, 31.135],
      [121.372, 31.12],
    ],
  ),
  road(
    "arterial",
    ["Century Avenue", "世纪大道"],
    [
      [121.503, 31.241],
      [121.52, 31.232],
      [121.546, 31.217],
      [121.553, 31.21],
    ],
  ),
  road(
    "arterial",
    ["Siping Road", "四平路"],
    [
      [121.484, 31.251],
      [121.497, 31.272],
      [121.512, 31.3],
    ],
  ),
  road(
    "arterial",
    ["Hongqiao Road", "虹桥路"],
    [
      [121.437, 31.194],
      [121.41, 31.199],
      [121.38, 31.19],
      [121.35, 31.187],
    ],
  ),
  road(
    "arterial",
    ["Caoyang Road", "曹杨路"],
    [
      [121.43, 31.237],
      [121.41, 31.248],
      [121.38, 31.275],
    ],
  ),
  road(
    "arterial",
    ["Yanggao Road", "杨高路"],
    [
      [121.6, 31.297],
      [121.575, 31.262],
      [121.547, 31.225],
      [121.515, 31.19],
      [121.502, 31.14],
    ],
  ),
  road(
    "arterial",
    ["Zhangjiang Road", "张江路"],
    [
      [121.553, 31.21],
      [121.578, 31.2],
      [121.6, 31.192],
    ],
  ),
  road(
    "arterial",
    ["Dalian Road", "大连路"],
    [
      [121.505, 31.28],
      [121.515, 31.26],
      [121.519, 31.25],
      [121.522, 31.237],
    ],
  ),
  road(
    "arterial",
    ["Longyao Road", "龙耀路"],
    [
      [121.445, 31.172],
      [121.464, 31.172],
      [121.484, 31.17],
    ],
  ),
  road(
    "arterial",
    ["Fuxing East Road", "复兴东路"],
    [
      [121.489, 31.222],
      [121.507, 31.222],
      [121.522, 31.223],
    ],
  ),
];

/** The stretch of a main road over the water takes the name of the nearest of these. */
export const CROSSINGS: readonly Landmark[] = [
  { name: "Xupu Bridge", nameZh: "徐浦大桥", longitude: 121.468, latitude: 31.13 },
  { name: "Shangzhong Road Tunnel", nameZh: "上中路隧道", longitude: 121.467, latitude: 31.155 },
  { name: "Longyao Road Tunnel", nameZh: "龙耀路隧道", longitude: 121.464, latitude: 31.172 },
  { name: "Lupu Bridge", nameZh: "卢浦大桥", longitude: 121.476, latitude: 31.188 },
  { name: "Nanpu Bridge", nameZh: "南浦大桥", longitude: 121.503, latitude: 31.203 },
  { name: "Fuxing East Road Tunnel", nameZh: "复兴东路隧道", longitude: 121.507, latitude: 31.222 },
  { name: "Yan'an East Road Tunnel", nameZh: "延安东路隧道", longitude: 121.496, latitude: 31.236 },
  { name: "Dalian Road Tunnel", nameZh: "大连路隧道", longitude: 121.519, latitude: 31.252 },
  { name: "Yangpu Bridge", nameZh: "杨浦大桥", longitude: 121.542, latitude: 31.26 },
  { name: "Jungong Road Tunnel", nameZh: "军工路隧道", longitude: 121.563, latitude: 31.292 },
];

export interface Park extends Landmark {
  readonly halfWidthM: number;
  readonly halfHeightM: number;
}

const park = (names: string, [longitude, latitude]: Pair, width: number, height: number): Park => {
  const [name = "", nameZh = ""] = names.split("|");
  return { name, nameZh, longitude, latitude, halfWidthM: width / 2, halfHeightM: height / 2 };
};

export const PARKS: readonly Park[] = [
  park("Century Park|世纪公园", [121.551, 31.216], 1300, 1100),
  park("People's Park|人民公园", [121.4725, 31.2335], 600, 450),
  park("Zhongshan Park|中山公园", [121.417, 31.2235], 600, 500),
  park("Fuxing Park|复兴公园", [121.469, 31.219], 420, 380),
  park("Lu Xun Park|鲁迅公园", [121.483, 31.274], 600, 650),
  park("Changfeng Park|长风公园", [121.398, 31.228], 700, 650),
  park("Gucun Garden|古村花园", [121.404, 31.305], 1200, 1000),
  park("Shanghai Botanical Garden|上海植物园", [121.446, 31.148], 900, 1000),
  park("Gongqing Forest Park|共青森林公园", [121.549, 31.309], 800, 1500),
  park("Sanlin Wetland|三林湿地", [121.521, 31.137], 1500, 800),
  park("Guilin Park|桂林公园", [121.414, 31.168], 450, 400),
  park("Houtan Park|后滩公园", [121.484, 31.183], 600, 350),
  park("Jinqiao Park|金桥公园", [121.588, 31.249], 700, 600),
];

/** Four places that see most of the city: the demonstration's gateways. */
export const LOOKOUTS: readonly Landmark[] = [
  { name: "Lujiazui", nameZh: "陆家嘴", latitude: 31.2365, longitude: 121.5055 },
  { name: "Xujiahui", nameZh: "徐家汇", latitude: 31.192, longitude: 121.4335 },
  { name: "Wujiaochang", nameZh: "五角场", latitude: 31.2985, longitude: 121.514 },
  { name: "Zhangjiang", nameZh: "张江", latitude: 31.1985, longitude: 121.5805 },
];
