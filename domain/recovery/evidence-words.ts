import type { InLanguages } from "../notifications/occasion.ts";
import type { RecoveryEntryKind } from "./recoveries.ts";
import type { RecoveryState } from "./recovery.ts";
import type { TrackPoint } from "./track.ts";

/** What stands in an evidence pack, in both languages. */
export const EVIDENCE_WORDS = {
  title: { en: "Evidence: stolen vehicle", "zh-CN": "证据包：被盗车辆" },
  case: { en: "Case", "zh-CN": "案件编号" },
  vehicle: { en: "Vehicle", "zh-CN": "车辆" },
  plate: { en: "Plate", "zh-CN": "车牌" },
  vin: { en: "VIN", "zh-CN": "车架号" },
  terminal: { en: "Terminal (serial, address)", "zh-CN": "终端（序列号，地址）" },
  state: { en: "State", "zh-CN": "状态" },
  result: { en: "Result", "zh-CN": "结果" },
  stolenAt: { en: "Stolen, as far as known", "zh-CN": "被盗时间（已知）" },
  openedAt: { en: "Marked as stolen", "zh-CN": "标记被盗时间" },
  recoveredAt: { en: "Recovered", "zh-CN": "找回时间" },
  closedAt: { en: "Closed", "zh-CN": "结案时间" },
  madeAt: { en: "This pack made", "zh-CN": "证据包生成时间" },
  utc: { en: "All times are UTC.", "zh-CN": "所有时间均为 UTC。" },
  timeline: { en: "What was done", "zh-CN": "处理过程" },
  track: { en: "Track", "zh-CN": "轨迹" },
  trackNone: { en: "No position is known.", "zh-CN": "没有任何位置。" },
  legend: {
    en: "Line: its own fixes. Hollow dots: found by the network. Ring: where the last one lies, 95 times of 100. North is above.",
    "zh-CN": "实线：终端自身定位。空心点：网络定位。环：最后一个网络位置的 95% 范围。上方为北。",
  },
  commands: { en: "What the terminal was told", "zh-CN": "对终端下达的命令" },
  moreCommands: {
    en: "It was told more: the newest are given.",
    "zh-CN": "命令过多，仅列出最新的。",
  },
  approvedBy: { en: "approved by", "zh-CN": "批准人" },
  askedBy: { en: "asked by", "zh-CN": "申请人" },
  none: { en: "Nothing.", "zh-CN": "无。" },
  links: { en: "Who looked by a link", "zh-CN": "通过链接查看的记录" },
  positions: { en: "Positions", "zh-CN": "位置" },
  count: { en: "Positions in this pack", "zh-CN": "本证据包中的位置数" },
  rejected: {
    en: "Fixes that no vehicle can have, left out",
    "zh-CN": "已剔除的不可信定位",
  },
  truncated: {
    en: "There were more positions: the newest are given.",
    "zh-CN": "位置过多，仅列出最新的。",
  },
  time: { en: "Time", "zh-CN": "时间" },
  place: { en: "Latitude, longitude", "zh-CN": "纬度，经度" },
  source: { en: "Source", "zh-CN": "来源" },
  accuracy: { en: "Accuracy", "zh-CN": "精度" },
  speed: { en: "Speed", "zh-CN": "速度" },
  unknown: { en: "not known", "zh-CN": "未知" },
  seal: { en: "How this pack is sealed", "zh-CN": "证据包如何封存" },
  sealed: {
    en: "A separate signature file (Ed25519) is over these very bytes. It is checked with: npm run verify-evidence -- FILE.pdf FILE.sig PUBLICKEY. The audit log is a chain of hashes; its end when this pack was made was:",
    "zh-CN":
      "另有独立签名文件（Ed25519）对本文件逐字节签名。验证命令：npm run verify-evidence -- FILE.pdf FILE.sig PUBLICKEY。审计日志为哈希链，生成本包时的末端为：",
  },
  entries: { en: "Entries", "zh-CN": "条目数" },
  hash: { en: "Hash", "zh-CN": "哈希" },
  key: { en: "Fingerprint of the operator's key", "zh-CN": "运营方公钥指纹" },
  page: { en: "Page", "zh-CN": "页" },
  operator: { en: "the operator", "zh-CN": "运营方" },
  system: { en: "the system", "zh-CN": "系统" },
} as const satisfies Record<string, InLanguages>;

export const STATE_WORDS: Readonly<Record<RecoveryState, InLanguages>> = {
  open: { en: "Looked for", "zh-CN": "追寻中" },
  recovered: { en: "Recovered", "zh-CN": "已找回" },
  closed: { en: "Closed", "zh-CN": "已结案" },
};

export const ENTRY_WORDS: Readonly<Record<RecoveryEntryKind, InLanguages>> = {
  opened: { en: "Marked as stolen", "zh-CN": "标记为被盗" },
  note: { en: "Note", "zh-CN": "备注" },
  interval: { en: "Told to report every so many seconds", "zh-CN": "下达上报间隔（秒）" },
  "link-made": { en: "Link made for", "zh-CN": "生成链接，对象" },
  "link-revoked": { en: "Link revoked of", "zh-CN": "撤销链接，对象" },
  "pack-made": { en: "Evidence pack made", "zh-CN": "生成证据包" },
  recovered: { en: "Recovered", "zh-CN": "已找回" },
  closed: { en: "Closed", "zh-CN": "结案" },
};

export const SOURCE_WORDS: Readonly<Record<TrackPoint["source"], InLanguages>> = {
  terminal: { en: "own fix", "zh-CN": "自身定位" },
  network: { en: "network, arrival times", "zh-CN": "网络，到达时间" },
  signal: { en: "network, signal strength", "zh-CN": "网络，信号强度" },
};
