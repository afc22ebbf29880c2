/** Texts of simulated terminals, in both languages; `en.ts` and `zh-cn.ts` take them in. */
export const simulatedEn = {
  "simulated.title": "Simulated terminal",
  "simulated.explained":
    "It stands in for the device in your hands. What you press goes out by simulated radio and takes the real way from there.",
  "simulated.label": "The label on its case",
  "simulated.state.off": "Switched off",
  "simulated.state.calling": "On, calling the network",
  "simulated.state.attached": "On, attached",
  "simulated.press.on": "Switch it on: press its button",
  "simulated.press.attach": "Press its button",
  "simulated.press.panic": "Press its panic button",
  "simulated.press.call": "Press its call button",
  "simulated.away": "It could not be pressed. Try again.",
  "simulated.stock": "Simulated terminals in stock",
  "simulated.stock.explained": "Take one, as if its label lay before you.",
} as const;

export const simulatedZh: Readonly<Record<keyof typeof simulatedEn, string>> = {
  "simulated.title": "模拟终端",
  "simulated.explained": "它代替您手中的设备。按下按钮后经模拟无线电发出，此后走真实流程。",
  "simulated.label": "机壳上的标签",
  "simulated.state.off": "已关机",
  "simulated.state.calling": "已开机，正在呼叫网络",
  "simulated.state.attached": "已开机，已入网",
  "simulated.press.on": "开机：按下它的按钮",
  "simulated.press.attach": "按下它的按钮",
  "simulated.press.panic": "按下它的紧急按钮",
  "simulated.press.call": "按下它的呼叫按钮",
  "simulated.away": "按钮未能按下，请重试。",
  "simulated.stock": "库存中的模拟终端",
  "simulated.stock.explained": "选取一台，如同它的标签就在眼前。",
};
