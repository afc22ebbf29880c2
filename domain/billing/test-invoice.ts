import type { InvoiceLine } from "./draft.ts";
import type { Invoice, InvoiceDocument } from "./invoices.ts";
import { NAME } from "./test-contract.ts";

const LINE: InvoiceLine = {
  ...{ position: 1, kind: "fee", subscriptionId: "s1", planId: "p1", planCode: "vehicle" },
  ...{ planVersion: 1, planName: NAME, item: "", itemName: { en: "", "zh-CN": "" } },
  ...{ serviceClass: "security", metric: null, from: "2026-02-01", to: "2026-03-01" },
  ...{ quantity: 28, late: 0, included: 0, periodDays: 28, isCorrection: false, net: 3_000 },
  ...{ taxClass: "service", taxBasisPoints: 600, tax: 180 },
};

/** An issued invoice of 53.00 with a fee and usage, to a customer whose name is not in GB 2312. */
export function testInvoice(): Invoice {
  const usage: InvoiceLine = {
    ...{ ...LINE, position: 2, kind: "usage", item: "reports", metric: "reports" },
    itemName: { en: "Reports", "zh-CN": "报告" },
    ...{ quantity: 1_950, late: 50, included: 0, periodDays: 0, net: 2_000, tax: 120 },
  };
  const totals = { net: 5_000, tax: 300, gross: 5_300 };
  const document: InvoiceDocument = {
    ...totals,
    kind: "invoice",
    currency: "CNY",
    month: "2026-02",
    lines: [LINE, usage],
  };
  return {
    ...{ ...totals, document, id: "2026-02.c1", number: "HL-000007", legalEntityId: "e1" },
    ...{ customerId: "c1", customerName: "王堃物流有限公司", kind: "invoice", state: "issued" },
    ...{ month: "2026-02", currency: "CNY", open: 5_300, runId: "r1", corrects: null },
    ...{ correctsNumber: null, createdAt: new Date("2026-03-02T00:00:00Z"), dueOn: "2026-04-01" },
    ...{ issuedAt: new Date("2026-03-02T16:30:00Z"), version: 2, mail: null },
    parties: {
      issuer: {
        ...{ name: "Hopline 无线数据有限公司", address: "上海市浦东新区张江路 1 号" },
        ...{ taxId: "91310000MA1K0000XX", bank: "中国银行上海分行 6217 0000 0000 0000" },
      },
      customer: {
        ...{ number: "K0001", name: "王堃物流有限公司", address: "上海市静安区南京西路 100 号" },
        ...{ taxId: "91310000MA1K1111XX", language: "zh-CN", timeZone: "Asia/Shanghai" },
      },
    },
  };
}
