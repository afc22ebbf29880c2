import type { Named } from "./landmarks.ts";

/** Streets of Shanghai are called after places in China: north to south after provinces, east to west after cities. */
const WEST_OF_THE_RIVER =
  "Nanjing 南京,Beijing 北京,Huaihai 淮海,Fuzhou 福州,Jiujiang 九江,Hankou 汉口,Guangdong 广东,Zhaojiabang 肇嘉浜,Jianguo 建国,Hengshan 衡山," +
  "Yongjia 永嘉,Wukang 武康,Changle 长乐,Julu 巨鹿,Weihai 威海,Fengyang 凤阳,Xinzha 新闸,Tianmu 天目,Hailun 海伦,Quyang 曲阳," +
  "Daning 大宁,Gonghe 共和,Wenshui 汶水,Changzhong 场中,Guangzhong 广中,Zhongxing 中兴,Hengfeng 恒丰,Changshou 长寿,Wuning 武宁,Jinshajiang 金沙江," +
  "Zhenping 镇坪,Lanxi 兰溪,Tongchuan 铜川,Zhenguang 真光,Qilianshan 祁连山,Taopu 桃浦,Xincun 新村,Hutai 沪太,Yichuan 宜川,Pingxingguan 平型关," +
  "Xizang 西藏,Henan 河南,Sichuan 四川,Jiangxi 江西,Shandong 山东,Shanxi 山西,Fujian 福建,Zhejiang 浙江,Guangxi 广西,Yunnan 云南," +
  "Chongqing 重庆,Shaanxi 陕西,Maoming 茂名,Ruijin 瑞金,Changshu 常熟,Huashan 华山,Wulumuqi 乌鲁木齐,Jiangsu 江苏,Zhenning 镇宁,Dingxi 定西," +
  "Panyu 番禺,Kaixuan 凯旋,Xuhui 徐汇,Tianyaoqiao 天钥桥,Wanping 宛平,Dong'an 东安,Damuqiao 大木桥,Xiaomuqiao 小木桥,Caobao 漕宝,Tianlin 田林," +
  "Qinzhou 钦州,Guiping 桂平,Yishan 宜山,Wuzhong 吴中,Lianhua 莲花,Hechuan 合川,Gubei 古北,Shuicheng 水城,Loushanguan 娄山关,Zunyi 遵义," +
  "Xianxia 仙霞,Tianshan 天山,Weining 威宁,Beixinjing 北新泾,Jinzhong 金钟,Songhong 淞虹,Longwu 龙吴,Longhua 龙华,Huajing 华泾,Meilong 梅陇," +
  "Laohumin 老沪闵,Luoxiu 罗秀,Shanglin 上林,Baise 百色,Tianlun 天伦,Handan 邯郸,Songhu 淞沪,Guoding 国定,Zhengli 政立,Yingkou 营口," +
  "Zhoujiazui 周家嘴,Changyang 长阳,Pingliang 平凉,Yangshupu 杨树浦,Linqing 临青,Longchang 隆昌,Ningguo 宁国,Huangxing 黄兴,Kongjiang 控江,Anshan 鞍山";

const EAST_OF_THE_RIVER =
  "Zhangyang 张杨,Pudong 浦东,Lujiazui 陆家嘴,Dongfang 东方,Fushan 福山,Weifang 潍坊,Pujian 浦建,Pulan 浦兰,Longyang 龙阳,Huamu 花木," +
  "Fangdian 芳甸,Jinxiu 锦绣,Yinxiao 银霄,Meihua 梅花,Hehuan 合欢,Dingxiang 丁香,Minsheng 民生,Taolin 桃林,Yuanshen 源深,Laoshan 崂山," +
  "Nanquan 南泉,Shangcheng 商城,Dianchi 滇池,Yuqiao 御桥,Kangqiao 康桥,Xiuyan 秀沿,Hunan 沪南,Chengshan 成山,Changqing 长清,Shangnan 上南," +
  "Dongming 东明,Yangsi 杨思,Lingzhao 凌兆,Sanlin 三林,Pusan 浦三,Gaoke 高科,Zuchongzhi 祖冲之,Keyuan 科苑,Bibo 碧波,Guoshoujing 郭守敬," +
  "Jinke 金科,Halei 哈雷,Cailun 蔡伦,Luoshan 罗山,Jinqiao 金桥,Biyun 碧云,Hongfeng 红枫,Yunshan 云山,Boxing 博兴,Lancun 蓝村," +
  "Boshan 博山,Juye 巨野,Puguang 浦光,Yangzi 洋泾,Lingshan 灵山,Wulian 五莲,Zhangjiabang 张家浜,Donglu 东陆,Jufeng 巨峰,Wuzhou 五洲," +
  "Zhouhai 洲海,Qinqiao 琴桥,Shenjiang 申江,Jingang 金港,Xinjinqiao 新金桥,Chuanqiao 川桥,Jinsui 金穗,Jinxiang 金湘,Jinhai 金海,Beiai 北艾";

const parse = (list: string): readonly Named[] =>
  list.split(",").map((pair) => {
    const [name = "", nameZh = ""] = pair.split(" ");
    return { name, nameZh };
  });

const WEST = parse(WEST_OF_THE_RIVER);
const EAST = parse(EAST_OF_THE_RIVER);

/** The name of a street of the blocks by its running number; numbers beyond the list start over as lanes. */
export function streetName(index: number, eastOfRiver: boolean): Named {
  const names = eastOfRiver ? EAST : WEST;
  const { name, nameZh } = names[index % names.length] ?? { name: "Bund", nameZh: "外滩" };
  const turn = Math.floor(index / names.length);
  if (turn === 0) return { name: `${name} Road`, nameZh: `${nameZh}路` };
  if (turn === 1) return { name: `${name} Street`, nameZh: `${nameZh}街` };
  return { name: `${name} Lane ${String(turn)}`, nameZh: `${nameZh}支路${String(turn)}弄` };
}
