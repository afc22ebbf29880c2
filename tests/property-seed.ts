import fc from "fast-check";

// Properties of `npm test` draw the same inputs each time, so that what fails is the change's doing;
// `npm run test:long properties` draws others.
const { PROPERTY_SEED = "1", PROPERTY_RUNS = "100" } = process.env;
fc.configureGlobal({ seed: Number(PROPERTY_SEED), numRuns: Number(PROPERTY_RUNS) });
