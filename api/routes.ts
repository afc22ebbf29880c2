import type { FastifyInstance } from "fastify";
import {
  accountRoutes,
  passwordRoutes,
  secondFactorRoutes,
  sessionRoutes,
} from "./account-routes.ts";
import { acknowledgeRoutes } from "./acknowledge-routes.ts";
import { alarmListRoutes, alarmNoteRoutes, alarmRoutes, alarmWorkRoutes } from "./alarm-routes.ts";
import type { AppDeps } from "./app-deps.ts";
import { assetChangeRoutes, assetListRoutes } from "./asset-routes.ts";
import {
  assignmentListRoutes,
  assignmentRoutes,
  assignRoutes,
  transferRoutes,
} from "./assignment-routes.ts";
import { auditCheckRoutes, auditRoutes } from "./audit-routes.ts";
import {
  ageingRoutes,
  billingAccountRoutes,
  billingReadRoutes,
  legalEntityRoutes,
} from "./billing-account-routes.ts";
import { boardRoutes } from "./board-routes.ts";
import { calendarApprovalRoutes, calendarDayRoutes, calendarRoutes } from "./calendar-routes.ts";
import { caseOpenRoutes, caseRoutes } from "./case-routes.ts";
import { closeRoutes, closeWorkRoutes } from "./close-routes.ts";
import {
  commandListRoutes,
  commandOutlookRoutes,
  commandRoutes,
  commandSendRoutes,
} from "./command-routes.ts";
import { contactRoutes, oneContactRoutes } from "./contact-routes.ts";
import { customerExportRoutes } from "./customer-export-routes.ts";
import { customerBelongingsRoutes, customerListRoutes, customerRoutes } from "./customer-routes.ts";
import { depositEndRoutes, depositRoutes } from "./deposit-routes.ts";
import { drillRoutes, drillWorkRoutes } from "./drill-routes.ts";
import { dunningPolicyRoutes, dunningRoutes } from "./dunning-routes.ts";
import { eventRoutes } from "./event-routes.ts";
import { gatewayAccountRoutes, gatewaySecretRoutes } from "./gateway-account-routes.ts";
import { gatewayRoutes } from "./gateway-routes.ts";
import {
  groupCommandRoutes,
  groupCommandSendRoutes,
  groupOutlookRoutes,
  groupRollRoutes,
} from "./group-command-routes.ts";
import { groupMemberRoutes, groupRoutes, groupWriteRoutes } from "./group-routes.ts";
import { healthRoutes } from "./health-routes.ts";
import { historyRoutes, trackRoutes } from "./history-routes.ts";
import { importProblemRoutes, importRoutes, importUploadRoutes } from "./import-routes.ts";
import { incidentRoutes, maintenanceRoutes } from "./incident-routes.ts";
import { invoiceCsvRoutes, invoicePdfRoutes } from "./invoice-file-routes.ts";
import { invoiceNoteRoutes, invoiceRoutes, invoiceWorkRoutes } from "./invoice-routes.ts";
import { jobPhotoRoutes } from "./job-photo-routes.ts";
import { jobListRoutes, jobRoutes } from "./job-routes.ts";
import { keyListRoutes, keyRoutes, newKeyRoutes } from "./key-routes.ts";
import { lineageRoutes, packetCostRoutes } from "./lineage-routes.ts";
import { mapRoutes } from "./map-routes.ts";
import { duplicateRoutes, mergeRoutes } from "./merge-routes.ts";
import { metricsRoutes } from "./metrics-routes.ts";
import { consentRoutes, noteRoutes } from "./note-routes.ts";
import { notificationRoutes, replayRoutes, templateRoutes } from "./notification-routes.ts";
import { ladderRoutes, onCallRoutes, oneShiftRoutes } from "./on-call-routes.ts";
import { packetRoutes } from "./packet-routes.ts";
import { payRoutes } from "./pay-routes.ts";
import {
  paymentNoticeRoutes,
  paymentOrderReadRoutes,
  paymentOrderRoutes,
} from "./payment-order-routes.ts";
import { paymentMatchRoutes, paymentRoutes, paymentWorkRoutes } from "./payment-routes.ts";
import { erasureRoutes, personalDataRoutes } from "./personal-data-routes.ts";
import { planRoutes, planWriteRoutes } from "./plan-routes.ts";
import {
  contactPreferenceRoutes,
  messageCapRoutes,
  myPreferenceRoutes,
  pushRoutes,
} from "./preference-routes.ts";
import { profileRoutes } from "./profile-routes.ts";
import { recoveryRoutes, recoveryStepRoutes, recoveryWorkRoutes } from "./recovery-routes.ts";
import {
  evidenceKeyRoutes,
  recoveryLinkRoutes,
  recoveryPackRoutes,
} from "./recovery-share-routes.ts";
import { ruleRetireRoutes, ruleRoutes, ruleTrialRoutes, ruleWriteRoutes } from "./rule-routes.ts";
import { serviceCreditRoutes, serviceCreditWorkRoutes } from "./service-credit-routes.ts";
import { serviceProofCsvRoutes, serviceProofRoutes } from "./service-proof-routes.ts";
import { sharedRoutes } from "./shared-routes.ts";
import { demoRoutes, signInRoutes } from "./sign-in-routes.ts";
import { simulatedRoutes } from "./simulated-routes.ts";
import { oneSiteRoutes, siteRoutes } from "./site-routes.ts";
import { spendRoutes } from "./spend-routes.ts";
import { stockExportRoutes, stockRoutes, stockWriteRoutes } from "./stock-routes.ts";
import { subscriptionChangeRoutes, subscriptionRoutes } from "./subscription-routes.ts";
import { positionRoutes, terminalRoutes } from "./terminal-routes.ts";
import { tripRoutes } from "./trip-routes.ts";
import {
  newUserRoutes,
  userAccessRoutes,
  userListRoutes,
  userRemovalRoutes,
  userRoutes,
} from "./user-routes.ts";
import { oneWebhookRoutes, webhookDeedRoutes, webhookRoutes } from "./webhook-routes.ts";

/** What is watched: terminals, their readings and packets, and the network that hears them. */
const WATCHED = [
  positionRoutes,
  terminalRoutes,
  historyRoutes,
  trackRoutes,
  tripRoutes,
  packetRoutes,
  gatewayRoutes,
  profileRoutes,
  mapRoutes,
];

/** Rules, and the alarms that they raise. */
const ALERTING = [
  alarmListRoutes,
  alarmRoutes,
  alarmWorkRoutes,
  alarmNoteRoutes,
  ruleRoutes,
  ruleWriteRoutes,
  ruleRetireRoutes,
  ruleTrialRoutes,
  incidentRoutes,
  maintenanceRoutes,
  caseRoutes,
  caseOpenRoutes,
  drillRoutes,
  drillWorkRoutes,
  recoveryRoutes,
  recoveryWorkRoutes,
  recoveryStepRoutes,
  recoveryLinkRoutes,
  recoveryPackRoutes,
  evidenceKeyRoutes,
];

/** What terminals are told. */
const COMMANDS = [
  commandListRoutes,
  commandRoutes,
  commandSendRoutes,
  commandOutlookRoutes,
  groupCommandRoutes,
  groupOutlookRoutes,
  groupRollRoutes,
  groupCommandSendRoutes,
  boardRoutes,
  calendarRoutes,
  calendarApprovalRoutes,
  calendarDayRoutes,
];

/** Stock, and what the operator keeps of gateways. */
const STOCK = [
  stockRoutes,
  stockExportRoutes,
  stockWriteRoutes,
  importUploadRoutes,
  importRoutes,
  importProblemRoutes,
  groupRoutes,
  groupWriteRoutes,
  groupMemberRoutes,
  gatewayAccountRoutes,
  gatewaySecretRoutes,
];

/** What terminals are fixed to, and the field engineer's work. */
const FIELD = [
  assetListRoutes,
  assetChangeRoutes,
  assignmentListRoutes,
  assignRoutes,
  assignmentRoutes,
  transferRoutes,
  jobRoutes,
  jobListRoutes,
  jobPhotoRoutes,
  simulatedRoutes,
];

/** What is sold, billed and paid. */
const BILLING = [
  planRoutes,
  planWriteRoutes,
  legalEntityRoutes,
  dunningPolicyRoutes,
  dunningRoutes,
  spendRoutes,
  billingAccountRoutes,
  billingReadRoutes,
  ageingRoutes,
  subscriptionRoutes,
  subscriptionChangeRoutes,
  closeRoutes,
  closeWorkRoutes,
  invoiceRoutes,
  invoiceCsvRoutes,
  invoicePdfRoutes,
  invoiceWorkRoutes,
  invoiceNoteRoutes,
  lineageRoutes,
  packetCostRoutes,
  paymentRoutes,
  paymentMatchRoutes,
  paymentWorkRoutes,
  paymentOrderRoutes,
  paymentOrderReadRoutes,
  paymentNoticeRoutes,
  depositRoutes,
  depositEndRoutes,
  serviceProofRoutes,
  serviceProofCsvRoutes,
  serviceCreditRoutes,
  serviceCreditWorkRoutes,
];

const CUSTOMERS = [
  customerListRoutes,
  customerExportRoutes,
  customerRoutes,
  customerBelongingsRoutes,
  contactRoutes,
  oneContactRoutes,
  siteRoutes,
  oneSiteRoutes,
  noteRoutes,
  consentRoutes,
  duplicateRoutes,
  mergeRoutes,
  personalDataRoutes,
  erasureRoutes,
];

/** What is told to whom. */
const NOTIFICATIONS = [
  myPreferenceRoutes,
  pushRoutes,
  contactPreferenceRoutes,
  messageCapRoutes,
  notificationRoutes,
  replayRoutes,
  templateRoutes,
  onCallRoutes,
  oneShiftRoutes,
  ladderRoutes,
  webhookRoutes,
  oneWebhookRoutes,
  webhookDeedRoutes,
];

/** Who may come in, and what they did. */
const IDENTITY = [
  signInRoutes,
  demoRoutes,
  accountRoutes,
  passwordRoutes,
  secondFactorRoutes,
  sessionRoutes,
  userListRoutes,
  newUserRoutes,
  userRoutes,
  userRemovalRoutes,
  userAccessRoutes,
  keyListRoutes,
  newKeyRoutes,
  keyRoutes,
  auditRoutes,
  auditCheckRoutes,
];

/** Every route there is, a list a noun. */
export async function registerRoutes(app: FastifyInstance, deps: AppDeps): Promise<void> {
  await app.register(healthRoutes, deps);
  await app.register(metricsRoutes, deps);
  await app.register(acknowledgeRoutes, deps);
  await app.register(sharedRoutes, deps);
  await app.register(payRoutes, deps);
  for (const routes of [
    ...WATCHED,
    ...ALERTING,
    ...COMMANDS,
    ...STOCK,
    ...FIELD,
    ...CUSTOMERS,
    ...BILLING,
    ...NOTIFICATIONS,
    ...IDENTITY,
  ])
    await app.register(routes, { ...deps, prefix: "/api" });
  await app.register(eventRoutes, { ...deps, prefix: "/api" });
}
