/*eslint-disable block-scoped-var, id-length, no-control-regex, no-magic-numbers, no-mixed-operators, no-prototype-builtins, no-redeclare, no-shadow, no-var, sort-vars, default-case, jsdoc/require-param*/
import $protobuf from "protobufjs/minimal.js";

// Common aliases
const $Reader = $protobuf.Reader, $Writer = $protobuf.Writer, $util = $protobuf.util;
const $Object = $util.global.Object, $undefined = $util.global.undefined, $Error = $util.global.Error, $RangeError = $util.global.RangeError;

// Exported root namespace
const $root = $protobuf.roots["default"] || ($protobuf.roots["default"] = {});

export const hopline = $root.hopline = (() => {

    /**
     * Namespace hopline.
     * @exports hopline
     * @namespace
     */
    const hopline = {};

    hopline.v1 = (function() {

        /**
         * Namespace v1.
         * @memberof hopline
         * @namespace
         */
        const v1 = {};

        v1.Uplink = (function() {

            /**
             * Properties of an Uplink.
             * @typedef {Object} hopline.v1.Uplink.$Properties
             * @property {string|null} [gatewayId] Uplink gatewayId
             * @property {string|null} [modemId] Uplink modemId
             * @property {string|null} [outboxId] Uplink outboxId
             * @property {Long|null} [sequence] Uplink sequence
             * @property {boolean|null} [backfilled] Uplink backfilled
             * @property {Long|null} [receivedAtNs] Uplink receivedAtNs
             * @property {Uint8Array|null} [phyPayload] Uplink phyPayload
             * @property {number|null} [carrierHz] Uplink carrierHz
             * @property {number|null} [rssiDbm] Uplink rssiDbm
             * @property {number|null} [snrDb] Uplink snrDb
             * @property {number|null} [codingRate] Uplink codingRate
             * @property {number|null} [hopSequenceId] Uplink hopSequenceId
             * @property {number|null} [fragmentsTotal] Uplink fragmentsTotal
             * @property {number|null} [fragmentsLost] Uplink fragmentsLost
             * @property {number|null} [clockState] Uplink clockState
             * @property {number|null} [clockErrorNs] Uplink clockErrorNs
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of an Uplink.
             * @memberof hopline.v1
             * @interface IUplink
             * @augments hopline.v1.Uplink.$Properties
             * @deprecated Use hopline.v1.Uplink.$Properties instead.
             */

            /**
             * Shape of an Uplink.
             * @typedef {hopline.v1.Uplink.$Properties} hopline.v1.Uplink.$Shape
             */

            /**
             * Constructs a new Uplink.
             * @memberof hopline.v1
             * @classdesc Represents an Uplink.
             * @constructor
             * @param {hopline.v1.Uplink.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const Uplink = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Uplink gatewayId.
             * @member {string} gatewayId
             * @memberof hopline.v1.Uplink
             * @instance
             */
            Uplink.prototype.gatewayId = "";

            /**
             * Uplink modemId.
             * @member {string} modemId
             * @memberof hopline.v1.Uplink
             * @instance
             */
            Uplink.prototype.modemId = "";

            /**
             * Uplink outboxId.
             * @member {string} outboxId
             * @memberof hopline.v1.Uplink
             * @instance
             */
            Uplink.prototype.outboxId = "";

            /**
             * Uplink sequence.
             * @member {Long} sequence
             * @memberof hopline.v1.Uplink
             * @instance
             */
            Uplink.prototype.sequence = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

            /**
             * Uplink backfilled.
             * @member {boolean} backfilled
             * @memberof hopline.v1.Uplink
             * @instance
             */
            Uplink.prototype.backfilled = false;

            /**
             * Uplink receivedAtNs.
             * @member {Long} receivedAtNs
             * @memberof hopline.v1.Uplink
             * @instance
             */
            Uplink.prototype.receivedAtNs = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

            /**
             * Uplink phyPayload.
             * @member {Uint8Array} phyPayload
             * @memberof hopline.v1.Uplink
             * @instance
             */
            Uplink.prototype.phyPayload = $util.newBuffer([]);

            /**
             * Uplink carrierHz.
             * @member {number} carrierHz
             * @memberof hopline.v1.Uplink
             * @instance
             */
            Uplink.prototype.carrierHz = 0;

            /**
             * Uplink rssiDbm.
             * @member {number|null|undefined} rssiDbm
             * @memberof hopline.v1.Uplink
             * @instance
             */
            Uplink.prototype.rssiDbm = null;

            /**
             * Uplink snrDb.
             * @member {number} snrDb
             * @memberof hopline.v1.Uplink
             * @instance
             */
            Uplink.prototype.snrDb = 0;

            /**
             * Uplink codingRate.
             * @member {number} codingRate
             * @memberof hopline.v1.Uplink
             * @instance
             */
            Uplink.prototype.codingRate = 0;

            /**
             * Uplink hopSequenceId.
             * @member {number} hopSequenceId
             * @memberof hopline.v1.Uplink
             * @instance
             */
            Uplink.prototype.hopSequenceId = 0;

            /**
             * Uplink fragmentsTotal.
             * @member {number} fragmentsTotal
             * @memberof hopline.v1.Uplink
             * @instance
             */
            Uplink.prototype.fragmentsTotal = 0;

            /**
             * Uplink fragmentsLost.
             * @member {number} fragmentsLost
             * @memberof hopline.v1.Uplink
             * @instance
             */
            Uplink.prototype.fragmentsLost = 0;

            /**
             * Uplink clockState.
             * @member {number} clockState
             * @memberof hopline.v1.Uplink
             * @instance
             */
            Uplink.prototype.clockState = 0;

            /**
             * Uplink clockErrorNs.
             * @member {number|null|undefined} clockErrorNs
             * @memberof hopline.v1.Uplink
             * @instance
             */
            Uplink.prototype.clockErrorNs = null;

            // OneOf field names bound to virtual getters and setters
            let $oneOfFields;

            // Virtual OneOf for proto3 optional field
            $Object.defineProperty(Uplink.prototype, "_rssiDbm", {
                get: $util.oneOfGetter($oneOfFields = ["rssiDbm"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            // Virtual OneOf for proto3 optional field
            $Object.defineProperty(Uplink.prototype, "_clockErrorNs", {
                get: $util.oneOfGetter($oneOfFields = ["clockErrorNs"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            /**
             * Creates a new Uplink instance using the specified properties.
             * @function create
             * @memberof hopline.v1.Uplink
             * @static
             * @param {hopline.v1.Uplink.$Properties=} [properties] Properties to set
             * @returns {hopline.v1.Uplink} Uplink instance
             * @type {{
             *   (properties: hopline.v1.Uplink.$Shape): hopline.v1.Uplink & hopline.v1.Uplink.$Shape;
             *   (properties?: hopline.v1.Uplink.$Properties): hopline.v1.Uplink;
             * }}
             */
            Uplink.create = function(properties) {
                return new Uplink(properties);
            };

            /**
             * Encodes the specified Uplink message. Does not implicitly {@link hopline.v1.Uplink.verify|verify} messages.
             * @function encode
             * @memberof hopline.v1.Uplink
             * @static
             * @param {hopline.v1.Uplink.$Properties} message Uplink message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Uplink.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.gatewayId != null && $Object.hasOwnProperty.call(message, "gatewayId") && message.gatewayId !== "")
                    writer.uint32(/* id 1, wireType 2 =*/10).string(message.gatewayId);
                if (message.modemId != null && $Object.hasOwnProperty.call(message, "modemId") && message.modemId !== "")
                    writer.uint32(/* id 2, wireType 2 =*/18).string(message.modemId);
                if (message.outboxId != null && $Object.hasOwnProperty.call(message, "outboxId") && message.outboxId !== "")
                    writer.uint32(/* id 3, wireType 2 =*/26).string(message.outboxId);
                if (message.sequence != null && $Object.hasOwnProperty.call(message, "sequence") && (typeof message.sequence === "object" ? message.sequence.low || message.sequence.high : message.sequence !== 0))
                    writer.uint32(/* id 4, wireType 0 =*/32).uint64(message.sequence);
                if (message.backfilled != null && $Object.hasOwnProperty.call(message, "backfilled") && message.backfilled !== false)
                    writer.uint32(/* id 5, wireType 0 =*/40).bool(message.backfilled);
                if (message.receivedAtNs != null && $Object.hasOwnProperty.call(message, "receivedAtNs") && (typeof message.receivedAtNs === "object" ? message.receivedAtNs.low || message.receivedAtNs.high : message.receivedAtNs !== 0))
                    writer.uint32(/* id 6, wireType 1 =*/49).fixed64(message.receivedAtNs);
                if (message.phyPayload != null && $Object.hasOwnProperty.call(message, "phyPayload") && message.phyPayload.length)
                    writer.uint32(/* id 7, wireType 2 =*/58).bytes(message.phyPayload);
                if (message.carrierHz != null && $Object.hasOwnProperty.call(message, "carrierHz") && message.carrierHz !== 0)
                    writer.uint32(/* id 8, wireType 0 =*/64).uint32(message.carrierHz);
                if (message.rssiDbm != null && $Object.hasOwnProperty.call(message, "rssiDbm"))
                    writer.uint32(/* id 9, wireType 1 =*/73).double(message.rssiDbm);
                if (message.snrDb != null && $Object.hasOwnProperty.call(message, "snrDb") && !$Object.is(message.snrDb, 0))
                    writer.uint32(/* id 10, wireType 1 =*/81).double(message.snrDb);
                if (message.codingRate != null && $Object.hasOwnProperty.call(message, "codingRate") && message.codingRate !== 0)
                    writer.uint32(/* id 11, wireType 0 =*/88).uint32(message.codingRate);
                if (message.hopSequenceId != null && $Object.hasOwnProperty.call(message, "hopSequenceId") && message.hopSequenceId !== 0)
                    writer.uint32(/* id 12, wireType 0 =*/96).uint32(message.hopSequenceId);
                if (message.fragmentsTotal != null && $Object.hasOwnProperty.call(message, "fragmentsTotal") && message.fragmentsTotal !== 0)
                    writer.uint32(/* id 13, wireType 0 =*/104).uint32(message.fragmentsTotal);
                if (message.fragmentsLost != null && $Object.hasOwnProperty.call(message, "fragmentsLost") && message.fragmentsLost !== 0)
                    writer.uint32(/* id 14, wireType 0 =*/112).uint32(message.fragmentsLost);
                if (message.clockState != null && $Object.hasOwnProperty.call(message, "clockState") && message.clockState !== 0)
                    writer.uint32(/* id 15, wireType 0 =*/120).uint32(message.clockState);
                if (message.clockErrorNs != null && $Object.hasOwnProperty.call(message, "clockErrorNs"))
                    writer.uint32(/* id 16, wireType 0 =*/128).uint32(message.clockErrorNs);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes an Uplink message from the specified reader or buffer.
             * @function decode
             * @memberof hopline.v1.Uplink
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {hopline.v1.Uplink & hopline.v1.Uplink.$Shape} Uplink
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Uplink.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.hopline.v1.Uplink();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.gatewayId = value;
                            else
                                delete message.gatewayId;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.modemId = value;
                            else
                                delete message.modemId;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.outboxId = value;
                            else
                                delete message.outboxId;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.sequence = value;
                            else
                                delete message.sequence;
                            continue;
                        }
                    case 5: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.bool())
                                message.backfilled = value;
                            else
                                delete message.backfilled;
                            continue;
                        }
                    case 6: {
                            if (wireType !== 1)
                                break;
                            if (typeof (value = reader.fixed64()) === "object" ? value.low || value.high : value !== 0)
                                message.receivedAtNs = value;
                            else
                                delete message.receivedAtNs;
                            continue;
                        }
                    case 7: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.phyPayload = value;
                            else
                                delete message.phyPayload;
                            continue;
                        }
                    case 8: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.carrierHz = value;
                            else
                                delete message.carrierHz;
                            continue;
                        }
                    case 9: {
                            if (wireType !== 1)
                                break;
                            message.rssiDbm = reader.double();
                            message._rssiDbm = "rssiDbm";
                            continue;
                        }
                    case 10: {
                            if (wireType !== 1)
                                break;
                            if (!$Object.is(value = reader.double(), 0))
                                message.snrDb = value;
                            else
                                delete message.snrDb;
                            continue;
                        }
                    case 11: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.codingRate = value;
                            else
                                delete message.codingRate;
                            continue;
                        }
                    case 12: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.hopSequenceId = value;
                            else
                                delete message.hopSequenceId;
                            continue;
                        }
                    case 13: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.fragmentsTotal = value;
                            else
                                delete message.fragmentsTotal;
                            continue;
                        }
                    case 14: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.fragmentsLost = value;
                            else
                                delete message.fragmentsLost;
                            continue;
                        }
                    case 15: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.clockState = value;
                            else
                                delete message.clockState;
                            continue;
                        }
                    case 16: {
                            if (wireType !== 0)
                                break;
                            message.clockErrorNs = reader.uint32();
                            message._clockErrorNs = "clockErrorNs";
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return Uplink;
        })();

        v1.Stored = (function() {

            /**
             * Properties of a Stored.
             * @typedef {Object} hopline.v1.Stored.$Properties
             * @property {string|null} [outboxId] Stored outboxId
             * @property {Array.<hopline.v1.Stored.Range.$Properties>|null} [ranges] Stored ranges
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a Stored.
             * @memberof hopline.v1
             * @interface IStored
             * @augments hopline.v1.Stored.$Properties
             * @deprecated Use hopline.v1.Stored.$Properties instead.
             */

            /**
             * Shape of a Stored.
             * @typedef {hopline.v1.Stored.$Properties} hopline.v1.Stored.$Shape
             */

            /**
             * Constructs a new Stored.
             * @memberof hopline.v1
             * @classdesc Represents a Stored.
             * @constructor
             * @param {hopline.v1.Stored.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const Stored = function (properties) {
                this.ranges = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Stored outboxId.
             * @member {string} outboxId
             * @memberof hopline.v1.Stored
             * @instance
             */
            Stored.prototype.outboxId = "";

            /**
             * Stored ranges.
             * @member {Array.<hopline.v1.Stored.Range.$Properties>} ranges
             * @memberof hopline.v1.Stored
             * @instance
             */
            Stored.prototype.ranges = $util.emptyArray;

            /**
             * Creates a new Stored instance using the specified properties.
             * @function create
             * @memberof hopline.v1.Stored
             * @static
             * @param {hopline.v1.Stored.$Properties=} [properties] Properties to set
             * @returns {hopline.v1.Stored} Stored instance
             * @type {{
             *   (properties: hopline.v1.Stored.$Shape): hopline.v1.Stored & hopline.v1.Stored.$Shape;
             *   (properties?: hopline.v1.Stored.$Properties): hopline.v1.Stored;
             * }}
             */
            Stored.create = function(properties) {
                return new Stored(properties);
            };

            /**
             * Encodes the specified Stored message. Does not implicitly {@link hopline.v1.Stored.verify|verify} messages.
             * @function encode
             * @memberof hopline.v1.Stored
             * @static
             * @param {hopline.v1.Stored.$Properties} message Stored message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Stored.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.outboxId != null && $Object.hasOwnProperty.call(message, "outboxId") && message.outboxId !== "")
                    writer.uint32(/* id 1, wireType 2 =*/10).string(message.outboxId);
                if (message.ranges != null && message.ranges.length)
                    for (let i = 0; i < message.ranges.length; ++i)
                        $root.hopline.v1.Stored.Range.encode(message.ranges[i], writer.uint32(/* id 2, wireType 2 =*/18).fork(), _depth + 1).ldelim();
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a Stored message from the specified reader or buffer.
             * @function decode
             * @memberof hopline.v1.Stored
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {hopline.v1.Stored & hopline.v1.Stored.$Shape} Stored
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Stored.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.hopline.v1.Stored();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.outboxId = value;
                            else
                                delete message.outboxId;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if (!(message.ranges && message.ranges.length))
                                message.ranges = [];
                            message.ranges.push($root.hopline.v1.Stored.Range.decode(reader, reader.size(), $undefined, _depth + 1));
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            Stored.Range = (function() {

                /**
                 * Properties of a Range.
                 * @typedef {Object} hopline.v1.Stored.Range.$Properties
                 * @property {Long|null} [first] Range first
                 * @property {Long|null} [last] Range last
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */

                /**
                 * Properties of a Range.
                 * @memberof hopline.v1.Stored
                 * @interface IRange
                 * @augments hopline.v1.Stored.Range.$Properties
                 * @deprecated Use hopline.v1.Stored.Range.$Properties instead.
                 */

                /**
                 * Shape of a Range.
                 * @typedef {hopline.v1.Stored.Range.$Properties} hopline.v1.Stored.Range.$Shape
                 */

                /**
                 * Constructs a new Range.
                 * @memberof hopline.v1.Stored
                 * @classdesc Represents a Range.
                 * @constructor
                 * @param {hopline.v1.Stored.Range.$Properties=} [properties] Properties to set
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */
                const Range = function (properties) {
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                /**
                 * Range first.
                 * @member {Long} first
                 * @memberof hopline.v1.Stored.Range
                 * @instance
                 */
                Range.prototype.first = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

                /**
                 * Range last.
                 * @member {Long} last
                 * @memberof hopline.v1.Stored.Range
                 * @instance
                 */
                Range.prototype.last = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

                /**
                 * Creates a new Range instance using the specified properties.
                 * @function create
                 * @memberof hopline.v1.Stored.Range
                 * @static
                 * @param {hopline.v1.Stored.Range.$Properties=} [properties] Properties to set
                 * @returns {hopline.v1.Stored.Range} Range instance
                 * @type {{
                 *   (properties: hopline.v1.Stored.Range.$Shape): hopline.v1.Stored.Range & hopline.v1.Stored.Range.$Shape;
                 *   (properties?: hopline.v1.Stored.Range.$Properties): hopline.v1.Stored.Range;
                 * }}
                 */
                Range.create = function(properties) {
                    return new Range(properties);
                };

                /**
                 * Encodes the specified Range message. Does not implicitly {@link hopline.v1.Stored.Range.verify|verify} messages.
                 * @function encode
                 * @memberof hopline.v1.Stored.Range
                 * @static
                 * @param {hopline.v1.Stored.Range.$Properties} message Range message or plain object to encode
                 * @param {$protobuf.Writer} [writer] Writer to encode to
                 * @returns {$protobuf.Writer} Writer
                 */
                Range.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.first != null && $Object.hasOwnProperty.call(message, "first") && (typeof message.first === "object" ? message.first.low || message.first.high : message.first !== 0))
                        writer.uint32(/* id 1, wireType 0 =*/8).uint64(message.first);
                    if (message.last != null && $Object.hasOwnProperty.call(message, "last") && (typeof message.last === "object" ? message.last.low || message.last.high : message.last !== 0))
                        writer.uint32(/* id 2, wireType 0 =*/16).uint64(message.last);
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                /**
                 * Decodes a Range message from the specified reader or buffer.
                 * @function decode
                 * @memberof hopline.v1.Stored.Range
                 * @static
                 * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
                 * @param {number} [length] Message length if known beforehand
                 * @returns {hopline.v1.Stored.Range & hopline.v1.Stored.Range.$Shape} Range
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                Range.decode = function (reader, length, _end, _depth, _target) {
                    if (!(reader instanceof $Reader))
                        reader = $Reader.create(reader);
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $Reader.recursionLimit)
                        throw $Error("max depth exceeded");
                    let end, message, value;
                    if (length === $undefined)
                        end = reader.len;
                    else {
                        end = reader.pos + length;
                        if (end > reader.len)
                            throw $RangeError("index out of range");
                        length = reader.len;
                        reader.len = end;
                    }
                    message = _target || new $root.hopline.v1.Stored.Range();
                    while (reader.pos < end) {
                        let start = reader.pos;
                        let tag = reader.tag();
                        if (tag === _end) {
                            _end = $undefined;
                            break;
                        }
                        let wireType = tag & 7;
                        switch (tag >>>= 3) {
                        case 1: {
                                if (wireType !== 0)
                                    break;
                                if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                    message.first = value;
                                else
                                    delete message.first;
                                continue;
                            }
                        case 2: {
                                if (wireType !== 0)
                                    break;
                                if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                    message.last = value;
                                else
                                    delete message.last;
                                continue;
                            }
                        }
                        reader.skipType(wireType, _depth, tag);
                        if (!reader.discardUnknown) {
                            $util.makeProp(message, "$unknowns", false);
                            (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                        }
                    }
                    if (length !== $undefined) {
                        if (reader.pos !== end)
                            throw $RangeError("index out of range");
                        reader.len = length;
                    }
                    if (_end !== $undefined)
                        throw $Error("missing end group");
                    return message;
                };

                return Range;
            })();

            return Stored;
        })();

        v1.PageRequest = (function() {

            /**
             * Properties of a PageRequest.
             * @typedef {Object} hopline.v1.PageRequest.$Properties
             * @property {string|null} [id] PageRequest id
             * @property {number|null} [rate] PageRequest rate
             * @property {Array.<number>|null} [words] PageRequest words
             * @property {Long|null} [earliestAtNs] PageRequest earliestAtNs
             * @property {Long|null} [expiresAtNs] PageRequest expiresAtNs
             * @property {number|null} [priority] PageRequest priority
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a PageRequest.
             * @memberof hopline.v1
             * @interface IPageRequest
             * @augments hopline.v1.PageRequest.$Properties
             * @deprecated Use hopline.v1.PageRequest.$Properties instead.
             */

            /**
             * Shape of a PageRequest.
             * @typedef {hopline.v1.PageRequest.$Properties} hopline.v1.PageRequest.$Shape
             */

            /**
             * Constructs a new PageRequest.
             * @memberof hopline.v1
             * @classdesc Represents a PageRequest.
             * @constructor
             * @param {hopline.v1.PageRequest.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const PageRequest = function (properties) {
                this.words = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * PageRequest id.
             * @member {string} id
             * @memberof hopline.v1.PageRequest
             * @instance
             */
            PageRequest.prototype.id = "";

            /**
             * PageRequest rate.
             * @member {number} rate
             * @memberof hopline.v1.PageRequest
             * @instance
             */
            PageRequest.prototype.rate = 0;

            /**
             * PageRequest words.
             * @member {Array.<number>} words
             * @memberof hopline.v1.PageRequest
             * @instance
             */
            PageRequest.prototype.words = $util.emptyArray;

            /**
             * PageRequest earliestAtNs.
             * @member {Long} earliestAtNs
             * @memberof hopline.v1.PageRequest
             * @instance
             */
            PageRequest.prototype.earliestAtNs = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

            /**
             * PageRequest expiresAtNs.
             * @member {Long} expiresAtNs
             * @memberof hopline.v1.PageRequest
             * @instance
             */
            PageRequest.prototype.expiresAtNs = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

            /**
             * PageRequest priority.
             * @member {number} priority
             * @memberof hopline.v1.PageRequest
             * @instance
             */
            PageRequest.prototype.priority = 0;

            /**
             * Creates a new PageRequest instance using the specified properties.
             * @function create
             * @memberof hopline.v1.PageRequest
             * @static
             * @param {hopline.v1.PageRequest.$Properties=} [properties] Properties to set
             * @returns {hopline.v1.PageRequest} PageRequest instance
             * @type {{
             *   (properties: hopline.v1.PageRequest.$Shape): hopline.v1.PageRequest & hopline.v1.PageRequest.$Shape;
             *   (properties?: hopline.v1.PageRequest.$Properties): hopline.v1.PageRequest;
             * }}
             */
            PageRequest.create = function(properties) {
                return new PageRequest(properties);
            };

            /**
             * Encodes the specified PageRequest message. Does not implicitly {@link hopline.v1.PageRequest.verify|verify} messages.
             * @function encode
             * @memberof hopline.v1.PageRequest
             * @static
             * @param {hopline.v1.PageRequest.$Properties} message PageRequest message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            PageRequest.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.id != null && $Object.hasOwnProperty.call(message, "id") && message.id !== "")
                    writer.uint32(/* id 1, wireType 2 =*/10).string(message.id);
                if (message.rate != null && $Object.hasOwnProperty.call(message, "rate") && message.rate !== 0)
                    writer.uint32(/* id 2, wireType 0 =*/16).uint32(message.rate);
                if (message.words != null && message.words.length)
                    writer.uint32(/* id 3, wireType 2 =*/26).fixed32s(message.words);
                if (message.earliestAtNs != null && $Object.hasOwnProperty.call(message, "earliestAtNs") && (typeof message.earliestAtNs === "object" ? message.earliestAtNs.low || message.earliestAtNs.high : message.earliestAtNs !== 0))
                    writer.uint32(/* id 4, wireType 1 =*/33).fixed64(message.earliestAtNs);
                if (message.expiresAtNs != null && $Object.hasOwnProperty.call(message, "expiresAtNs") && (typeof message.expiresAtNs === "object" ? message.expiresAtNs.low || message.expiresAtNs.high : message.expiresAtNs !== 0))
                    writer.uint32(/* id 5, wireType 1 =*/41).fixed64(message.expiresAtNs);
                if (message.priority != null && $Object.hasOwnProperty.call(message, "priority") && message.priority !== 0)
                    writer.uint32(/* id 6, wireType 0 =*/48).uint32(message.priority);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a PageRequest message from the specified reader or buffer.
             * @function decode
             * @memberof hopline.v1.PageRequest
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {hopline.v1.PageRequest & hopline.v1.PageRequest.$Shape} PageRequest
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            PageRequest.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.hopline.v1.PageRequest();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.id = value;
                            else
                                delete message.id;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.rate = value;
                            else
                                delete message.rate;
                            continue;
                        }
                    case 3: {
                            if (wireType === 2) {
                                if (!(message.words && message.words.length))
                                    message.words = [];
                                reader.fixed32s(message.words);
                                continue;
                            }
                            if (wireType !== 5)
                                break;
                            if (!(message.words && message.words.length))
                                message.words = [];
                            message.words.push(reader.fixed32());
                            continue;
                        }
                    case 4: {
                            if (wireType !== 1)
                                break;
                            if (typeof (value = reader.fixed64()) === "object" ? value.low || value.high : value !== 0)
                                message.earliestAtNs = value;
                            else
                                delete message.earliestAtNs;
                            continue;
                        }
                    case 5: {
                            if (wireType !== 1)
                                break;
                            if (typeof (value = reader.fixed64()) === "object" ? value.low || value.high : value !== 0)
                                message.expiresAtNs = value;
                            else
                                delete message.expiresAtNs;
                            continue;
                        }
                    case 6: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.priority = value;
                            else
                                delete message.priority;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return PageRequest;
        })();

        v1.PageResult = (function() {

            /**
             * Properties of a PageResult.
             * @typedef {Object} hopline.v1.PageResult.$Properties
             * @property {string|null} [id] PageResult id
             * @property {hopline.v1.PageResult.Status|null} [status] PageResult status
             * @property {Long|null} [startedAtNs] PageResult startedAtNs
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a PageResult.
             * @memberof hopline.v1
             * @interface IPageResult
             * @augments hopline.v1.PageResult.$Properties
             * @deprecated Use hopline.v1.PageResult.$Properties instead.
             */

            /**
             * Shape of a PageResult.
             * @typedef {hopline.v1.PageResult.$Properties} hopline.v1.PageResult.$Shape
             */

            /**
             * Constructs a new PageResult.
             * @memberof hopline.v1
             * @classdesc Represents a PageResult.
             * @constructor
             * @param {hopline.v1.PageResult.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const PageResult = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * PageResult id.
             * @member {string} id
             * @memberof hopline.v1.PageResult
             * @instance
             */
            PageResult.prototype.id = "";

            /**
             * PageResult status.
             * @member {hopline.v1.PageResult.Status} status
             * @memberof hopline.v1.PageResult
             * @instance
             */
            PageResult.prototype.status = 0;

            /**
             * PageResult startedAtNs.
             * @member {Long} startedAtNs
             * @memberof hopline.v1.PageResult
             * @instance
             */
            PageResult.prototype.startedAtNs = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

            /**
             * Creates a new PageResult instance using the specified properties.
             * @function create
             * @memberof hopline.v1.PageResult
             * @static
             * @param {hopline.v1.PageResult.$Properties=} [properties] Properties to set
             * @returns {hopline.v1.PageResult} PageResult instance
             * @type {{
             *   (properties: hopline.v1.PageResult.$Shape): hopline.v1.PageResult & hopline.v1.PageResult.$Shape;
             *   (properties?: hopline.v1.PageResult.$Properties): hopline.v1.PageResult;
             * }}
             */
            PageResult.create = function(properties) {
                return new PageResult(properties);
            };

            /**
             * Encodes the specified PageResult message. Does not implicitly {@link hopline.v1.PageResult.verify|verify} messages.
             * @function encode
             * @memberof hopline.v1.PageResult
             * @static
             * @param {hopline.v1.PageResult.$Properties} message PageResult message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            PageResult.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.id != null && $Object.hasOwnProperty.call(message, "id") && message.id !== "")
                    writer.uint32(/* id 1, wireType 2 =*/10).string(message.id);
                if (message.status != null && $Object.hasOwnProperty.call(message, "status") && message.status !== 0)
                    writer.uint32(/* id 2, wireType 0 =*/16).int32(message.status);
                if (message.startedAtNs != null && $Object.hasOwnProperty.call(message, "startedAtNs") && (typeof message.startedAtNs === "object" ? message.startedAtNs.low || message.startedAtNs.high : message.startedAtNs !== 0))
                    writer.uint32(/* id 3, wireType 1 =*/25).fixed64(message.startedAtNs);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a PageResult message from the specified reader or buffer.
             * @function decode
             * @memberof hopline.v1.PageResult
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {hopline.v1.PageResult & hopline.v1.PageResult.$Shape} PageResult
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            PageResult.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.hopline.v1.PageResult();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.id = value;
                            else
                                delete message.id;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.int32())
                                message.status = value;
                            else
                                delete message.status;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 1)
                                break;
                            if (typeof (value = reader.fixed64()) === "object" ? value.low || value.high : value !== 0)
                                message.startedAtNs = value;
                            else
                                delete message.startedAtNs;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            /**
             * Status enum.
             * @name hopline.v1.PageResult.Status
             * @enum {number}
             * @property {number} STATUS_UNSPECIFIED=0 STATUS_UNSPECIFIED value
             * @property {number} STATUS_SENT=1 STATUS_SENT value
             * @property {number} STATUS_TOO_LATE=2 STATUS_TOO_LATE value
             * @property {number} STATUS_BUSY=3 STATUS_BUSY value
             * @property {number} STATUS_FAULT=4 STATUS_FAULT value
             * @property {number} STATUS_CANCELLED=5 STATUS_CANCELLED value
             * @property {number} STATUS_EXPIRED=6 STATUS_EXPIRED value
             * @property {number} STATUS_REFUSED=7 STATUS_REFUSED value
             */
            PageResult.Status = (function() {
                const valuesById = $Object.create(null), values = $Object.create(valuesById);
                values[valuesById[0] = "STATUS_UNSPECIFIED"] = 0;
                values[valuesById[1] = "STATUS_SENT"] = 1;
                values[valuesById[2] = "STATUS_TOO_LATE"] = 2;
                values[valuesById[3] = "STATUS_BUSY"] = 3;
                values[valuesById[4] = "STATUS_FAULT"] = 4;
                values[valuesById[5] = "STATUS_CANCELLED"] = 5;
                values[valuesById[6] = "STATUS_EXPIRED"] = 6;
                values[valuesById[7] = "STATUS_REFUSED"] = 7;
                return values;
            })();

            return PageResult;
        })();

        v1.GatewayState = (function() {

            /**
             * Properties of a GatewayState.
             * @typedef {Object} hopline.v1.GatewayState.$Properties
             * @property {string|null} [gatewayId] GatewayState gatewayId
             * @property {boolean|null} [online] GatewayState online
             * @property {Long|null} [since] GatewayState since
             * @property {number|null} [latitude] GatewayState latitude
             * @property {number|null} [longitude] GatewayState longitude
             * @property {Array.<hopline.v1.GatewayState.Modem.$Properties>|null} [modems] GatewayState modems
             * @property {Object.<string,Long>|null} [counters] GatewayState counters
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a GatewayState.
             * @memberof hopline.v1
             * @interface IGatewayState
             * @augments hopline.v1.GatewayState.$Properties
             * @deprecated Use hopline.v1.GatewayState.$Properties instead.
             */

            /**
             * Shape of a GatewayState.
             * @typedef {hopline.v1.GatewayState.$Properties} hopline.v1.GatewayState.$Shape
             */

            /**
             * Constructs a new GatewayState.
             * @memberof hopline.v1
             * @classdesc Represents a GatewayState.
             * @constructor
             * @param {hopline.v1.GatewayState.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const GatewayState = function (properties) {
                this.modems = [];
                this.counters = {};
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * GatewayState gatewayId.
             * @member {string} gatewayId
             * @memberof hopline.v1.GatewayState
             * @instance
             */
            GatewayState.prototype.gatewayId = "";

            /**
             * GatewayState online.
             * @member {boolean} online
             * @memberof hopline.v1.GatewayState
             * @instance
             */
            GatewayState.prototype.online = false;

            /**
             * GatewayState since.
             * @member {Long} since
             * @memberof hopline.v1.GatewayState
             * @instance
             */
            GatewayState.prototype.since = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

            /**
             * GatewayState latitude.
             * @member {number|null|undefined} latitude
             * @memberof hopline.v1.GatewayState
             * @instance
             */
            GatewayState.prototype.latitude = null;

            /**
             * GatewayState longitude.
             * @member {number|null|undefined} longitude
             * @memberof hopline.v1.GatewayState
             * @instance
             */
            GatewayState.prototype.longitude = null;

            /**
             * GatewayState modems.
             * @member {Array.<hopline.v1.GatewayState.Modem.$Properties>} modems
             * @memberof hopline.v1.GatewayState
             * @instance
             */
            GatewayState.prototype.modems = $util.emptyArray;

            /**
             * GatewayState counters.
             * @member {Object.<string,Long>} counters
             * @memberof hopline.v1.GatewayState
             * @instance
             */
            GatewayState.prototype.counters = $util.emptyObject;

            // OneOf field names bound to virtual getters and setters
            let $oneOfFields;

            // Virtual OneOf for proto3 optional field
            $Object.defineProperty(GatewayState.prototype, "_latitude", {
                get: $util.oneOfGetter($oneOfFields = ["latitude"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            // Virtual OneOf for proto3 optional field
            $Object.defineProperty(GatewayState.prototype, "_longitude", {
                get: $util.oneOfGetter($oneOfFields = ["longitude"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            /**
             * Creates a new GatewayState instance using the specified properties.
             * @function create
             * @memberof hopline.v1.GatewayState
             * @static
             * @param {hopline.v1.GatewayState.$Properties=} [properties] Properties to set
             * @returns {hopline.v1.GatewayState} GatewayState instance
             * @type {{
             *   (properties: hopline.v1.GatewayState.$Shape): hopline.v1.GatewayState & hopline.v1.GatewayState.$Shape;
             *   (properties?: hopline.v1.GatewayState.$Properties): hopline.v1.GatewayState;
             * }}
             */
            GatewayState.create = function(properties) {
                return new GatewayState(properties);
            };

            /**
             * Encodes the specified GatewayState message. Does not implicitly {@link hopline.v1.GatewayState.verify|verify} messages.
             * @function encode
             * @memberof hopline.v1.GatewayState
             * @static
             * @param {hopline.v1.GatewayState.$Properties} message GatewayState message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            GatewayState.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.gatewayId != null && $Object.hasOwnProperty.call(message, "gatewayId") && message.gatewayId !== "")
                    writer.uint32(/* id 1, wireType 2 =*/10).string(message.gatewayId);
                if (message.online != null && $Object.hasOwnProperty.call(message, "online") && message.online !== false)
                    writer.uint32(/* id 2, wireType 0 =*/16).bool(message.online);
                if (message.since != null && $Object.hasOwnProperty.call(message, "since") && (typeof message.since === "object" ? message.since.low || message.since.high : message.since !== 0))
                    writer.uint32(/* id 3, wireType 1 =*/25).fixed64(message.since);
                if (message.latitude != null && $Object.hasOwnProperty.call(message, "latitude"))
                    writer.uint32(/* id 4, wireType 1 =*/33).double(message.latitude);
                if (message.longitude != null && $Object.hasOwnProperty.call(message, "longitude"))
                    writer.uint32(/* id 5, wireType 1 =*/41).double(message.longitude);
                if (message.modems != null && message.modems.length)
                    for (let i = 0; i < message.modems.length; ++i)
                        $root.hopline.v1.GatewayState.Modem.encode(message.modems[i], writer.uint32(/* id 6, wireType 2 =*/50).fork(), _depth + 1).ldelim();
                if (message.counters != null && $Object.hasOwnProperty.call(message, "counters"))
                    for (let keys = $Object.keys(message.counters), i = 0; i < keys.length; ++i)
                        writer.uint32(/* id 7, wireType 2 =*/58).fork().uint32(/* id 1, wireType 2 =*/10).string(keys[i]).uint32(/* id 2, wireType 0 =*/16).uint64(message.counters[keys[i]]).ldelim();
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a GatewayState message from the specified reader or buffer.
             * @function decode
             * @memberof hopline.v1.GatewayState
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {hopline.v1.GatewayState & hopline.v1.GatewayState.$Shape} GatewayState
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            GatewayState.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, key, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.hopline.v1.GatewayState();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.gatewayId = value;
                            else
                                delete message.gatewayId;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.bool())
                                message.online = value;
                            else
                                delete message.online;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 1)
                                break;
                            if (typeof (value = reader.fixed64()) === "object" ? value.low || value.high : value !== 0)
                                message.since = value;
                            else
                                delete message.since;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 1)
                                break;
                            message.latitude = reader.double();
                            message._latitude = "latitude";
                            continue;
                        }
                    case 5: {
                            if (wireType !== 1)
                                break;
                            message.longitude = reader.double();
                            message._longitude = "longitude";
                            continue;
                        }
                    case 6: {
                            if (wireType !== 2)
                                break;
                            if (!(message.modems && message.modems.length))
                                message.modems = [];
                            message.modems.push($root.hopline.v1.GatewayState.Modem.decode(reader, reader.size(), $undefined, _depth + 1));
                            continue;
                        }
                    case 7: {
                            if (wireType !== 2)
                                break;
                            if (message.counters === $util.emptyObject)
                                message.counters = {};
                            let end2 = reader.size() + reader.pos;
                            if (end2 > reader.len)
                                throw $RangeError("index out of range");
                            reader.len = end2;
                            key = "";
                            value = $util.Long ? $util.Long.fromNumber(0, true) : 0;
                            while (reader.pos < end2) {
                                let tag2 = reader.tag();
                                wireType = tag2 & 7;
                                switch (tag2 >>>= 3) {
                                case 1:
                                    if (wireType !== 2)
                                        break;
                                    key = reader.stringVerify();
                                    continue;
                                case 2:
                                    if (wireType !== 0)
                                        break;
                                    value = reader.uint64();
                                    continue;
                                }
                                reader.skipType(wireType, _depth, tag2);
                            }
                            if (reader.pos !== end2)
                                throw $RangeError("index out of range");
                            reader.len = end;
                            if (key === "__proto__")
                                $util.makeProp(message.counters, key);
                            message.counters[key] = value;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            GatewayState.Modem = (function() {

                /**
                 * Properties of a Modem.
                 * @typedef {Object} hopline.v1.GatewayState.Modem.$Properties
                 * @property {string|null} [id] Modem id
                 * @property {string|null} [name] Modem name
                 * @property {boolean|null} [connected] Modem connected
                 * @property {number|null} [clockState] Modem clockState
                 * @property {number|null} [clockErrorNs] Modem clockErrorNs
                 * @property {Long|null} [headersFound] Modem headersFound
                 * @property {Long|null} [overruns] Modem overruns
                 * @property {Long|null} [badFrames] Modem badFrames
                 * @property {number|null} [temperatureC] Modem temperatureC
                 * @property {Long|null} [uptimeS] Modem uptimeS
                 * @property {string|null} [firmware] Modem firmware
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */

                /**
                 * Properties of a Modem.
                 * @memberof hopline.v1.GatewayState
                 * @interface IModem
                 * @augments hopline.v1.GatewayState.Modem.$Properties
                 * @deprecated Use hopline.v1.GatewayState.Modem.$Properties instead.
                 */

                /**
                 * Shape of a Modem.
                 * @typedef {hopline.v1.GatewayState.Modem.$Properties} hopline.v1.GatewayState.Modem.$Shape
                 */

                /**
                 * Constructs a new Modem.
                 * @memberof hopline.v1.GatewayState
                 * @classdesc Represents a Modem.
                 * @constructor
                 * @param {hopline.v1.GatewayState.Modem.$Properties=} [properties] Properties to set
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */
                const Modem = function (properties) {
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                /**
                 * Modem id.
                 * @member {string} id
                 * @memberof hopline.v1.GatewayState.Modem
                 * @instance
                 */
                Modem.prototype.id = "";

                /**
                 * Modem name.
                 * @member {string} name
                 * @memberof hopline.v1.GatewayState.Modem
                 * @instance
                 */
                Modem.prototype.name = "";

                /**
                 * Modem connected.
                 * @member {boolean} connected
                 * @memberof hopline.v1.GatewayState.Modem
                 * @instance
                 */
                Modem.prototype.connected = false;

                /**
                 * Modem clockState.
                 * @member {number} clockState
                 * @memberof hopline.v1.GatewayState.Modem
                 * @instance
                 */
                Modem.prototype.clockState = 0;

                /**
                 * Modem clockErrorNs.
                 * @member {number|null|undefined} clockErrorNs
                 * @memberof hopline.v1.GatewayState.Modem
                 * @instance
                 */
                Modem.prototype.clockErrorNs = null;

                /**
                 * Modem headersFound.
                 * @member {Long} headersFound
                 * @memberof hopline.v1.GatewayState.Modem
                 * @instance
                 */
                Modem.prototype.headersFound = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

                /**
                 * Modem overruns.
                 * @member {Long} overruns
                 * @memberof hopline.v1.GatewayState.Modem
                 * @instance
                 */
                Modem.prototype.overruns = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

                /**
                 * Modem badFrames.
                 * @member {Long} badFrames
                 * @memberof hopline.v1.GatewayState.Modem
                 * @instance
                 */
                Modem.prototype.badFrames = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

                /**
                 * Modem temperatureC.
                 * @member {number} temperatureC
                 * @memberof hopline.v1.GatewayState.Modem
                 * @instance
                 */
                Modem.prototype.temperatureC = 0;

                /**
                 * Modem uptimeS.
                 * @member {Long} uptimeS
                 * @memberof hopline.v1.GatewayState.Modem
                 * @instance
                 */
                Modem.prototype.uptimeS = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

                /**
                 * Modem firmware.
                 * @member {string} firmware
                 * @memberof hopline.v1.GatewayState.Modem
                 * @instance
                 */
                Modem.prototype.firmware = "";

                // OneOf field names bound to virtual getters and setters
                let $oneOfFields;

                // Virtual OneOf for proto3 optional field
                $Object.defineProperty(Modem.prototype, "_clockErrorNs", {
                    get: $util.oneOfGetter($oneOfFields = ["clockErrorNs"]),
                    set: $util.oneOfSetter($oneOfFields)
                });

                /**
                 * Creates a new Modem instance using the specified properties.
                 * @function create
                 * @memberof hopline.v1.GatewayState.Modem
                 * @static
                 * @param {hopline.v1.GatewayState.Modem.$Properties=} [properties] Properties to set
                 * @returns {hopline.v1.GatewayState.Modem} Modem instance
                 * @type {{
                 *   (properties: hopline.v1.GatewayState.Modem.$Shape): hopline.v1.GatewayState.Modem & hopline.v1.GatewayState.Modem.$Shape;
                 *   (properties?: hopline.v1.GatewayState.Modem.$Properties): hopline.v1.GatewayState.Modem;
                 * }}
                 */
                Modem.create = function(properties) {
                    return new Modem(properties);
                };

                /**
                 * Encodes the specified Modem message. Does not implicitly {@link hopline.v1.GatewayState.Modem.verify|verify} messages.
                 * @function encode
                 * @memberof hopline.v1.GatewayState.Modem
                 * @static
                 * @param {hopline.v1.GatewayState.Modem.$Properties} message Modem message or plain object to encode
                 * @param {$protobuf.Writer} [writer] Writer to encode to
                 * @returns {$protobuf.Writer} Writer
                 */
                Modem.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.id != null && $Object.hasOwnProperty.call(message, "id") && message.id !== "")
                        writer.uint32(/* id 1, wireType 2 =*/10).string(message.id);
                    if (message.name != null && $Object.hasOwnProperty.call(message, "name") && message.name !== "")
                        writer.uint32(/* id 2, wireType 2 =*/18).string(message.name);
                    if (message.connected != null && $Object.hasOwnProperty.call(message, "connected") && message.connected !== false)
                        writer.uint32(/* id 3, wireType 0 =*/24).bool(message.connected);
                    if (message.clockState != null && $Object.hasOwnProperty.call(message, "clockState") && message.clockState !== 0)
                        writer.uint32(/* id 4, wireType 0 =*/32).uint32(message.clockState);
                    if (message.clockErrorNs != null && $Object.hasOwnProperty.call(message, "clockErrorNs"))
                        writer.uint32(/* id 5, wireType 0 =*/40).uint32(message.clockErrorNs);
                    if (message.headersFound != null && $Object.hasOwnProperty.call(message, "headersFound") && (typeof message.headersFound === "object" ? message.headersFound.low || message.headersFound.high : message.headersFound !== 0))
                        writer.uint32(/* id 6, wireType 0 =*/48).uint64(message.headersFound);
                    if (message.overruns != null && $Object.hasOwnProperty.call(message, "overruns") && (typeof message.overruns === "object" ? message.overruns.low || message.overruns.high : message.overruns !== 0))
                        writer.uint32(/* id 7, wireType 0 =*/56).uint64(message.overruns);
                    if (message.badFrames != null && $Object.hasOwnProperty.call(message, "badFrames") && (typeof message.badFrames === "object" ? message.badFrames.low || message.badFrames.high : message.badFrames !== 0))
                        writer.uint32(/* id 8, wireType 0 =*/64).uint64(message.badFrames);
                    if (message.temperatureC != null && $Object.hasOwnProperty.call(message, "temperatureC") && message.temperatureC !== 0)
                        writer.uint32(/* id 9, wireType 0 =*/72).sint32(message.temperatureC);
                    if (message.uptimeS != null && $Object.hasOwnProperty.call(message, "uptimeS") && (typeof message.uptimeS === "object" ? message.uptimeS.low || message.uptimeS.high : message.uptimeS !== 0))
                        writer.uint32(/* id 10, wireType 0 =*/80).uint64(message.uptimeS);
                    if (message.firmware != null && $Object.hasOwnProperty.call(message, "firmware") && message.firmware !== "")
                        writer.uint32(/* id 11, wireType 2 =*/90).string(message.firmware);
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                /**
                 * Decodes a Modem message from the specified reader or buffer.
                 * @function decode
                 * @memberof hopline.v1.GatewayState.Modem
                 * @static
                 * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
                 * @param {number} [length] Message length if known beforehand
                 * @returns {hopline.v1.GatewayState.Modem & hopline.v1.GatewayState.Modem.$Shape} Modem
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                Modem.decode = function (reader, length, _end, _depth, _target) {
                    if (!(reader instanceof $Reader))
                        reader = $Reader.create(reader);
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $Reader.recursionLimit)
                        throw $Error("max depth exceeded");
                    let end, message, value;
                    if (length === $undefined)
                        end = reader.len;
                    else {
                        end = reader.pos + length;
                        if (end > reader.len)
                            throw $RangeError("index out of range");
                        length = reader.len;
                        reader.len = end;
                    }
                    message = _target || new $root.hopline.v1.GatewayState.Modem();
                    while (reader.pos < end) {
                        let start = reader.pos;
                        let tag = reader.tag();
                        if (tag === _end) {
                            _end = $undefined;
                            break;
                        }
                        let wireType = tag & 7;
                        switch (tag >>>= 3) {
                        case 1: {
                                if (wireType !== 2)
                                    break;
                                if ((value = reader.stringVerify()).length)
                                    message.id = value;
                                else
                                    delete message.id;
                                continue;
                            }
                        case 2: {
                                if (wireType !== 2)
                                    break;
                                if ((value = reader.stringVerify()).length)
                                    message.name = value;
                                else
                                    delete message.name;
                                continue;
                            }
                        case 3: {
                                if (wireType !== 0)
                                    break;
                                if (value = reader.bool())
                                    message.connected = value;
                                else
                                    delete message.connected;
                                continue;
                            }
                        case 4: {
                                if (wireType !== 0)
                                    break;
                                if (value = reader.uint32())
                                    message.clockState = value;
                                else
                                    delete message.clockState;
                                continue;
                            }
                        case 5: {
                                if (wireType !== 0)
                                    break;
                                message.clockErrorNs = reader.uint32();
                                message._clockErrorNs = "clockErrorNs";
                                continue;
                            }
                        case 6: {
                                if (wireType !== 0)
                                    break;
                                if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                    message.headersFound = value;
                                else
                                    delete message.headersFound;
                                continue;
                            }
                        case 7: {
                                if (wireType !== 0)
                                    break;
                                if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                    message.overruns = value;
                                else
                                    delete message.overruns;
                                continue;
                            }
                        case 8: {
                                if (wireType !== 0)
                                    break;
                                if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                    message.badFrames = value;
                                else
                                    delete message.badFrames;
                                continue;
                            }
                        case 9: {
                                if (wireType !== 0)
                                    break;
                                if (value = reader.sint32())
                                    message.temperatureC = value;
                                else
                                    delete message.temperatureC;
                                continue;
                            }
                        case 10: {
                                if (wireType !== 0)
                                    break;
                                if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                    message.uptimeS = value;
                                else
                                    delete message.uptimeS;
                                continue;
                            }
                        case 11: {
                                if (wireType !== 2)
                                    break;
                                if ((value = reader.stringVerify()).length)
                                    message.firmware = value;
                                else
                                    delete message.firmware;
                                continue;
                            }
                        }
                        reader.skipType(wireType, _depth, tag);
                        if (!reader.discardUnknown) {
                            $util.makeProp(message, "$unknowns", false);
                            (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                        }
                    }
                    if (length !== $undefined) {
                        if (reader.pos !== end)
                            throw $RangeError("index out of range");
                        reader.len = length;
                    }
                    if (_end !== $undefined)
                        throw $Error("missing end group");
                    return message;
                };

                return Modem;
            })();

            return GatewayState;
        })();

        v1.DeviceEvent = (function() {

            /**
             * Properties of a DeviceEvent.
             * @typedef {Object} hopline.v1.DeviceEvent.$Properties
             * @property {string|null} [id] DeviceEvent id
             * @property {string|null} [customerId] DeviceEvent customerId
             * @property {string|null} [deviceId] DeviceEvent deviceId
             * @property {string|null} [kind] DeviceEvent kind
             * @property {Long|null} [measuredAt] DeviceEvent measuredAt
             * @property {Long|null} [receivedAt] DeviceEvent receivedAt
             * @property {Object.<string,hopline.v1.DeviceEvent.Field.$Properties>|null} [fields] DeviceEvent fields
             * @property {hopline.v1.DeviceEvent.Position.$Properties|null} [position] DeviceEvent position
             * @property {Array.<hopline.v1.DeviceEvent.Reception.$Properties>|null} [receptions] DeviceEvent receptions
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a DeviceEvent.
             * @memberof hopline.v1
             * @interface IDeviceEvent
             * @augments hopline.v1.DeviceEvent.$Properties
             * @deprecated Use hopline.v1.DeviceEvent.$Properties instead.
             */

            /**
             * Shape of a DeviceEvent.
             * @typedef {{
             *   id?: string|null;
             *   customerId?: string|null;
             *   deviceId?: string|null;
             *   kind?: string|null;
             *   measuredAt?: Long|null;
             *   receivedAt?: Long|null;
             *   fields?: Object.<string,hopline.v1.DeviceEvent.Field.$Shape>|null;
             *   position?: hopline.v1.DeviceEvent.Position.$Shape|null;
             *   receptions?: Array.<hopline.v1.DeviceEvent.Reception.$Shape>|null;
             *   $unknowns?: Array.<Uint8Array>;
             * }} hopline.v1.DeviceEvent.$Shape
             */

            /**
             * Constructs a new DeviceEvent.
             * @memberof hopline.v1
             * @classdesc Represents a DeviceEvent.
             * @constructor
             * @param {hopline.v1.DeviceEvent.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const DeviceEvent = function (properties) {
                this.fields = {};
                this.receptions = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * DeviceEvent id.
             * @member {string} id
             * @memberof hopline.v1.DeviceEvent
             * @instance
             */
            DeviceEvent.prototype.id = "";

            /**
             * DeviceEvent customerId.
             * @member {string} customerId
             * @memberof hopline.v1.DeviceEvent
             * @instance
             */
            DeviceEvent.prototype.customerId = "";

            /**
             * DeviceEvent deviceId.
             * @member {string} deviceId
             * @memberof hopline.v1.DeviceEvent
             * @instance
             */
            DeviceEvent.prototype.deviceId = "";

            /**
             * DeviceEvent kind.
             * @member {string} kind
             * @memberof hopline.v1.DeviceEvent
             * @instance
             */
            DeviceEvent.prototype.kind = "";

            /**
             * DeviceEvent measuredAt.
             * @member {Long} measuredAt
             * @memberof hopline.v1.DeviceEvent
             * @instance
             */
            DeviceEvent.prototype.measuredAt = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

            /**
             * DeviceEvent receivedAt.
             * @member {Long} receivedAt
             * @memberof hopline.v1.DeviceEvent
             * @instance
             */
            DeviceEvent.prototype.receivedAt = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

            /**
             * DeviceEvent fields.
             * @member {Object.<string,hopline.v1.DeviceEvent.Field.$Properties>} fields
             * @memberof hopline.v1.DeviceEvent
             * @instance
             */
            DeviceEvent.prototype.fields = $util.emptyObject;

            /**
             * DeviceEvent position.
             * @member {hopline.v1.DeviceEvent.Position.$Properties|null|undefined} position
             * @memberof hopline.v1.DeviceEvent
             * @instance
             */
            DeviceEvent.prototype.position = null;

            /**
             * DeviceEvent receptions.
             * @member {Array.<hopline.v1.DeviceEvent.Reception.$Properties>} receptions
             * @memberof hopline.v1.DeviceEvent
             * @instance
             */
            DeviceEvent.prototype.receptions = $util.emptyArray;

            /**
             * Creates a new DeviceEvent instance using the specified properties.
             * @function create
             * @memberof hopline.v1.DeviceEvent
             * @static
             * @param {hopline.v1.DeviceEvent.$Properties=} [properties] Properties to set
             * @returns {hopline.v1.DeviceEvent} DeviceEvent instance
             * @type {{
             *   (properties: hopline.v1.DeviceEvent.$Shape): hopline.v1.DeviceEvent & hopline.v1.DeviceEvent.$Shape;
             *   (properties?: hopline.v1.DeviceEvent.$Properties): hopline.v1.DeviceEvent;
             * }}
             */
            DeviceEvent.create = function(properties) {
                return new DeviceEvent(properties);
            };

            /**
             * Encodes the specified DeviceEvent message. Does not implicitly {@link hopline.v1.DeviceEvent.verify|verify} messages.
             * @function encode
             * @memberof hopline.v1.DeviceEvent
             * @static
             * @param {hopline.v1.DeviceEvent.$Properties} message DeviceEvent message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            DeviceEvent.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.id != null && $Object.hasOwnProperty.call(message, "id") && message.id !== "")
                    writer.uint32(/* id 1, wireType 2 =*/10).string(message.id);
                if (message.customerId != null && $Object.hasOwnProperty.call(message, "customerId") && message.customerId !== "")
                    writer.uint32(/* id 2, wireType 2 =*/18).string(message.customerId);
                if (message.deviceId != null && $Object.hasOwnProperty.call(message, "deviceId") && message.deviceId !== "")
                    writer.uint32(/* id 3, wireType 2 =*/26).string(message.deviceId);
                if (message.kind != null && $Object.hasOwnProperty.call(message, "kind") && message.kind !== "")
                    writer.uint32(/* id 4, wireType 2 =*/34).string(message.kind);
                if (message.measuredAt != null && $Object.hasOwnProperty.call(message, "measuredAt") && (typeof message.measuredAt === "object" ? message.measuredAt.low || message.measuredAt.high : message.measuredAt !== 0))
                    writer.uint32(/* id 5, wireType 1 =*/41).fixed64(message.measuredAt);
                if (message.receivedAt != null && $Object.hasOwnProperty.call(message, "receivedAt") && (typeof message.receivedAt === "object" ? message.receivedAt.low || message.receivedAt.high : message.receivedAt !== 0))
                    writer.uint32(/* id 6, wireType 1 =*/49).fixed64(message.receivedAt);
                if (message.fields != null && $Object.hasOwnProperty.call(message, "fields"))
                    for (let keys = $Object.keys(message.fields), i = 0; i < keys.length; ++i) {
                        writer.uint32(/* id 7, wireType 2 =*/58).fork().uint32(/* id 1, wireType 2 =*/10).string(keys[i]);
                        $root.hopline.v1.DeviceEvent.Field.encode(message.fields[keys[i]], writer.uint32(/* id 2, wireType 2 =*/18).fork(), _depth + 1).ldelim().ldelim();
                    }
                if (message.position != null && $Object.hasOwnProperty.call(message, "position"))
                    $root.hopline.v1.DeviceEvent.Position.encode(message.position, writer.uint32(/* id 8, wireType 2 =*/66).fork(), _depth + 1).ldelim();
                if (message.receptions != null && message.receptions.length)
                    for (let i = 0; i < message.receptions.length; ++i)
                        $root.hopline.v1.DeviceEvent.Reception.encode(message.receptions[i], writer.uint32(/* id 9, wireType 2 =*/74).fork(), _depth + 1).ldelim();
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a DeviceEvent message from the specified reader or buffer.
             * @function decode
             * @memberof hopline.v1.DeviceEvent
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {hopline.v1.DeviceEvent & hopline.v1.DeviceEvent.$Shape} DeviceEvent
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            DeviceEvent.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, key, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.hopline.v1.DeviceEvent();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.id = value;
                            else
                                delete message.id;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.customerId = value;
                            else
                                delete message.customerId;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.deviceId = value;
                            else
                                delete message.deviceId;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.kind = value;
                            else
                                delete message.kind;
                            continue;
                        }
                    case 5: {
                            if (wireType !== 1)
                                break;
                            if (typeof (value = reader.fixed64()) === "object" ? value.low || value.high : value !== 0)
                                message.measuredAt = value;
                            else
                                delete message.measuredAt;
                            continue;
                        }
                    case 6: {
                            if (wireType !== 1)
                                break;
                            if (typeof (value = reader.fixed64()) === "object" ? value.low || value.high : value !== 0)
                                message.receivedAt = value;
                            else
                                delete message.receivedAt;
                            continue;
                        }
                    case 7: {
                            if (wireType !== 2)
                                break;
                            if (message.fields === $util.emptyObject)
                                message.fields = {};
                            let end2 = reader.size() + reader.pos;
                            if (end2 > reader.len)
                                throw $RangeError("index out of range");
                            reader.len = end2;
                            key = "";
                            value = null;
                            while (reader.pos < end2) {
                                let tag2 = reader.tag();
                                wireType = tag2 & 7;
                                switch (tag2 >>>= 3) {
                                case 1:
                                    if (wireType !== 2)
                                        break;
                                    key = reader.stringVerify();
                                    continue;
                                case 2:
                                    if (wireType !== 2)
                                        break;
                                    value = $root.hopline.v1.DeviceEvent.Field.decode(reader, reader.size(), $undefined, _depth + 1, value);
                                    continue;
                                }
                                reader.skipType(wireType, _depth, tag2);
                            }
                            if (reader.pos !== end2)
                                throw $RangeError("index out of range");
                            reader.len = end;
                            if (key === "__proto__")
                                $util.makeProp(message.fields, key);
                            message.fields[key] = value || new $root.hopline.v1.DeviceEvent.Field();
                            continue;
                        }
                    case 8: {
                            if (wireType !== 2)
                                break;
                            message.position = $root.hopline.v1.DeviceEvent.Position.decode(reader, reader.size(), $undefined, _depth + 1, message.position);
                            continue;
                        }
                    case 9: {
                            if (wireType !== 2)
                                break;
                            if (!(message.receptions && message.receptions.length))
                                message.receptions = [];
                            message.receptions.push($root.hopline.v1.DeviceEvent.Reception.decode(reader, reader.size(), $undefined, _depth + 1));
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            DeviceEvent.Field = (function() {

                /**
                 * Properties of a Field.
                 * @typedef {Object} hopline.v1.DeviceEvent.Field.$Properties
                 * @property {number|null} [number] Field number
                 * @property {boolean|null} [flag] Field flag
                 * @property {string|null} [text] Field text
                 * @property {string|null} [unit] Field unit
                 * @property {"number"|"flag"|"text"} [value] Field value
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */

                /**
                 * Properties of a Field.
                 * @memberof hopline.v1.DeviceEvent
                 * @interface IField
                 * @augments hopline.v1.DeviceEvent.Field.$Properties
                 * @deprecated Use hopline.v1.DeviceEvent.Field.$Properties instead.
                 */

                /**
                 * Narrowed shape of a Field.
                 * @typedef {{
                 *   number?: number|null;
                 *   flag?: boolean|null;
                 *   text?: string|null;
                 *   unit?: string|null;
                 *   $unknowns?: Array.<Uint8Array>;
                 * } & (
                 *   ({ value?: undefined; number?: null; flag?: null; text?: null }|{ value?: "number"; number: number; flag?: null; text?: null }|{ value?: "flag"; number?: null; flag: boolean; text?: null }|{ value?: "text"; number?: null; flag?: null; text: string })
                 * )} hopline.v1.DeviceEvent.Field.$Shape
                 */

                /**
                 * Constructs a new Field.
                 * @memberof hopline.v1.DeviceEvent
                 * @classdesc Represents a Field.
                 * @constructor
                 * @param {hopline.v1.DeviceEvent.Field.$Properties=} [properties] Properties to set
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */
                const Field = function (properties) {
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                /**
                 * Field number.
                 * @member {number|null|undefined} number
                 * @memberof hopline.v1.DeviceEvent.Field
                 * @instance
                 */
                Field.prototype.number = null;

                /**
                 * Field flag.
                 * @member {boolean|null|undefined} flag
                 * @memberof hopline.v1.DeviceEvent.Field
                 * @instance
                 */
                Field.prototype.flag = null;

                /**
                 * Field text.
                 * @member {string|null|undefined} text
                 * @memberof hopline.v1.DeviceEvent.Field
                 * @instance
                 */
                Field.prototype.text = null;

                /**
                 * Field unit.
                 * @member {string} unit
                 * @memberof hopline.v1.DeviceEvent.Field
                 * @instance
                 */
                Field.prototype.unit = "";

                // OneOf field names bound to virtual getters and setters
                let $oneOfFields;

                /**
                 * Field value.
                 * @member {"number"|"flag"|"text"|undefined} value
                 * @memberof hopline.v1.DeviceEvent.Field
                 * @instance
                 */
                $Object.defineProperty(Field.prototype, "value", {
                    get: $util.oneOfGetter($oneOfFields = ["number", "flag", "text"]),
                    set: $util.oneOfSetter($oneOfFields)
                });

                /**
                 * Creates a new Field instance using the specified properties.
                 * @function create
                 * @memberof hopline.v1.DeviceEvent.Field
                 * @static
                 * @param {hopline.v1.DeviceEvent.Field.$Properties=} [properties] Properties to set
                 * @returns {hopline.v1.DeviceEvent.Field} Field instance
                 * @type {{
                 *   (properties: hopline.v1.DeviceEvent.Field.$Shape): hopline.v1.DeviceEvent.Field & hopline.v1.DeviceEvent.Field.$Shape;
                 *   (properties?: hopline.v1.DeviceEvent.Field.$Properties): hopline.v1.DeviceEvent.Field;
                 * }}
                 */
                Field.create = function(properties) {
                    return new Field(properties);
                };

                /**
                 * Encodes the specified Field message. Does not implicitly {@link hopline.v1.DeviceEvent.Field.verify|verify} messages.
                 * @function encode
                 * @memberof hopline.v1.DeviceEvent.Field
                 * @static
                 * @param {hopline.v1.DeviceEvent.Field.$Properties} message Field message or plain object to encode
                 * @param {$protobuf.Writer} [writer] Writer to encode to
                 * @returns {$protobuf.Writer} Writer
                 */
                Field.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.number != null && $Object.hasOwnProperty.call(message, "number"))
                        writer.uint32(/* id 1, wireType 1 =*/9).double(message.number);
                    if (message.flag != null && $Object.hasOwnProperty.call(message, "flag"))
                        writer.uint32(/* id 2, wireType 0 =*/16).bool(message.flag);
                    if (message.text != null && $Object.hasOwnProperty.call(message, "text"))
                        writer.uint32(/* id 3, wireType 2 =*/26).string(message.text);
                    if (message.unit != null && $Object.hasOwnProperty.call(message, "unit") && message.unit !== "")
                        writer.uint32(/* id 4, wireType 2 =*/34).string(message.unit);
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                /**
                 * Decodes a Field message from the specified reader or buffer.
                 * @function decode
                 * @memberof hopline.v1.DeviceEvent.Field
                 * @static
                 * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
                 * @param {number} [length] Message length if known beforehand
                 * @returns {hopline.v1.DeviceEvent.Field & hopline.v1.DeviceEvent.Field.$Shape} Field
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                Field.decode = function (reader, length, _end, _depth, _target) {
                    if (!(reader instanceof $Reader))
                        reader = $Reader.create(reader);
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $Reader.recursionLimit)
                        throw $Error("max depth exceeded");
                    let end, message, value;
                    if (length === $undefined)
                        end = reader.len;
                    else {
                        end = reader.pos + length;
                        if (end > reader.len)
                            throw $RangeError("index out of range");
                        length = reader.len;
                        reader.len = end;
                    }
                    message = _target || new $root.hopline.v1.DeviceEvent.Field();
                    while (reader.pos < end) {
                        let start = reader.pos;
                        let tag = reader.tag();
                        if (tag === _end) {
                            _end = $undefined;
                            break;
                        }
                        let wireType = tag & 7;
                        switch (tag >>>= 3) {
                        case 1: {
                                if (wireType !== 1)
                                    break;
                                message.number = reader.double();
                                message.value = "number";
                                continue;
                            }
                        case 2: {
                                if (wireType !== 0)
                                    break;
                                message.flag = reader.bool();
                                message.value = "flag";
                                continue;
                            }
                        case 3: {
                                if (wireType !== 2)
                                    break;
                                message.text = reader.stringVerify();
                                message.value = "text";
                                continue;
                            }
                        case 4: {
                                if (wireType !== 2)
                                    break;
                                if ((value = reader.stringVerify()).length)
                                    message.unit = value;
                                else
                                    delete message.unit;
                                continue;
                            }
                        }
                        reader.skipType(wireType, _depth, tag);
                        if (!reader.discardUnknown) {
                            $util.makeProp(message, "$unknowns", false);
                            (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                        }
                    }
                    if (length !== $undefined) {
                        if (reader.pos !== end)
                            throw $RangeError("index out of range");
                        reader.len = length;
                    }
                    if (_end !== $undefined)
                        throw $Error("missing end group");
                    return message;
                };

                return Field;
            })();

            DeviceEvent.Position = (function() {

                /**
                 * Properties of a Position.
                 * @typedef {Object} hopline.v1.DeviceEvent.Position.$Properties
                 * @property {number|null} [latitude] Position latitude
                 * @property {number|null} [longitude] Position longitude
                 * @property {string|null} [source] Position source
                 * @property {number|null} [errorM] Position errorM
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */

                /**
                 * Properties of a Position.
                 * @memberof hopline.v1.DeviceEvent
                 * @interface IPosition
                 * @augments hopline.v1.DeviceEvent.Position.$Properties
                 * @deprecated Use hopline.v1.DeviceEvent.Position.$Properties instead.
                 */

                /**
                 * Shape of a Position.
                 * @typedef {hopline.v1.DeviceEvent.Position.$Properties} hopline.v1.DeviceEvent.Position.$Shape
                 */

                /**
                 * Constructs a new Position.
                 * @memberof hopline.v1.DeviceEvent
                 * @classdesc Represents a Position.
                 * @constructor
                 * @param {hopline.v1.DeviceEvent.Position.$Properties=} [properties] Properties to set
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */
                const Position = function (properties) {
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                /**
                 * Position latitude.
                 * @member {number} latitude
                 * @memberof hopline.v1.DeviceEvent.Position
                 * @instance
                 */
                Position.prototype.latitude = 0;

                /**
                 * Position longitude.
                 * @member {number} longitude
                 * @memberof hopline.v1.DeviceEvent.Position
                 * @instance
                 */
                Position.prototype.longitude = 0;

                /**
                 * Position source.
                 * @member {string} source
                 * @memberof hopline.v1.DeviceEvent.Position
                 * @instance
                 */
                Position.prototype.source = "";

                /**
                 * Position errorM.
                 * @member {number|null|undefined} errorM
                 * @memberof hopline.v1.DeviceEvent.Position
                 * @instance
                 */
                Position.prototype.errorM = null;

                // OneOf field names bound to virtual getters and setters
                let $oneOfFields;

                // Virtual OneOf for proto3 optional field
                $Object.defineProperty(Position.prototype, "_errorM", {
                    get: $util.oneOfGetter($oneOfFields = ["errorM"]),
                    set: $util.oneOfSetter($oneOfFields)
                });

                /**
                 * Creates a new Position instance using the specified properties.
                 * @function create
                 * @memberof hopline.v1.DeviceEvent.Position
                 * @static
                 * @param {hopline.v1.DeviceEvent.Position.$Properties=} [properties] Properties to set
                 * @returns {hopline.v1.DeviceEvent.Position} Position instance
                 * @type {{
                 *   (properties: hopline.v1.DeviceEvent.Position.$Shape): hopline.v1.DeviceEvent.Position & hopline.v1.DeviceEvent.Position.$Shape;
                 *   (properties?: hopline.v1.DeviceEvent.Position.$Properties): hopline.v1.DeviceEvent.Position;
                 * }}
                 */
                Position.create = function(properties) {
                    return new Position(properties);
                };

                /**
                 * Encodes the specified Position message. Does not implicitly {@link hopline.v1.DeviceEvent.Position.verify|verify} messages.
                 * @function encode
                 * @memberof hopline.v1.DeviceEvent.Position
                 * @static
                 * @param {hopline.v1.DeviceEvent.Position.$Properties} message Position message or plain object to encode
                 * @param {$protobuf.Writer} [writer] Writer to encode to
                 * @returns {$protobuf.Writer} Writer
                 */
                Position.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.latitude != null && $Object.hasOwnProperty.call(message, "latitude") && !$Object.is(message.latitude, 0))
                        writer.uint32(/* id 1, wireType 1 =*/9).double(message.latitude);
                    if (message.longitude != null && $Object.hasOwnProperty.call(message, "longitude") && !$Object.is(message.longitude, 0))
                        writer.uint32(/* id 2, wireType 1 =*/17).double(message.longitude);
                    if (message.source != null && $Object.hasOwnProperty.call(message, "source") && message.source !== "")
                        writer.uint32(/* id 3, wireType 2 =*/26).string(message.source);
                    if (message.errorM != null && $Object.hasOwnProperty.call(message, "errorM"))
                        writer.uint32(/* id 4, wireType 1 =*/33).double(message.errorM);
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                /**
                 * Decodes a Position message from the specified reader or buffer.
                 * @function decode
                 * @memberof hopline.v1.DeviceEvent.Position
                 * @static
                 * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
                 * @param {number} [length] Message length if known beforehand
                 * @returns {hopline.v1.DeviceEvent.Position & hopline.v1.DeviceEvent.Position.$Shape} Position
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                Position.decode = function (reader, length, _end, _depth, _target) {
                    if (!(reader instanceof $Reader))
                        reader = $Reader.create(reader);
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $Reader.recursionLimit)
                        throw $Error("max depth exceeded");
                    let end, message, value;
                    if (length === $undefined)
                        end = reader.len;
                    else {
                        end = reader.pos + length;
                        if (end > reader.len)
                            throw $RangeError("index out of range");
                        length = reader.len;
                        reader.len = end;
                    }
                    message = _target || new $root.hopline.v1.DeviceEvent.Position();
                    while (reader.pos < end) {
                        let start = reader.pos;
                        let tag = reader.tag();
                        if (tag === _end) {
                            _end = $undefined;
                            break;
                        }
                        let wireType = tag & 7;
                        switch (tag >>>= 3) {
                        case 1: {
                                if (wireType !== 1)
                                    break;
                                if (!$Object.is(value = reader.double(), 0))
                                    message.latitude = value;
                                else
                                    delete message.latitude;
                                continue;
                            }
                        case 2: {
                                if (wireType !== 1)
                                    break;
                                if (!$Object.is(value = reader.double(), 0))
                                    message.longitude = value;
                                else
                                    delete message.longitude;
                                continue;
                            }
                        case 3: {
                                if (wireType !== 2)
                                    break;
                                if ((value = reader.stringVerify()).length)
                                    message.source = value;
                                else
                                    delete message.source;
                                continue;
                            }
                        case 4: {
                                if (wireType !== 1)
                                    break;
                                message.errorM = reader.double();
                                message._errorM = "errorM";
                                continue;
                            }
                        }
                        reader.skipType(wireType, _depth, tag);
                        if (!reader.discardUnknown) {
                            $util.makeProp(message, "$unknowns", false);
                            (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                        }
                    }
                    if (length !== $undefined) {
                        if (reader.pos !== end)
                            throw $RangeError("index out of range");
                        reader.len = length;
                    }
                    if (_end !== $undefined)
                        throw $Error("missing end group");
                    return message;
                };

                return Position;
            })();

            DeviceEvent.Reception = (function() {

                /**
                 * Properties of a Reception.
                 * @typedef {Object} hopline.v1.DeviceEvent.Reception.$Properties
                 * @property {string|null} [gatewayId] Reception gatewayId
                 * @property {Long|null} [receivedAt] Reception receivedAt
                 * @property {number|null} [rssiDbm] Reception rssiDbm
                 * @property {number|null} [snrDb] Reception snrDb
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */

                /**
                 * Properties of a Reception.
                 * @memberof hopline.v1.DeviceEvent
                 * @interface IReception
                 * @augments hopline.v1.DeviceEvent.Reception.$Properties
                 * @deprecated Use hopline.v1.DeviceEvent.Reception.$Properties instead.
                 */

                /**
                 * Shape of a Reception.
                 * @typedef {hopline.v1.DeviceEvent.Reception.$Properties} hopline.v1.DeviceEvent.Reception.$Shape
                 */

                /**
                 * Constructs a new Reception.
                 * @memberof hopline.v1.DeviceEvent
                 * @classdesc Represents a Reception.
                 * @constructor
                 * @param {hopline.v1.DeviceEvent.Reception.$Properties=} [properties] Properties to set
                 * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                 */
                const Reception = function (properties) {
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                /**
                 * Reception gatewayId.
                 * @member {string} gatewayId
                 * @memberof hopline.v1.DeviceEvent.Reception
                 * @instance
                 */
                Reception.prototype.gatewayId = "";

                /**
                 * Reception receivedAt.
                 * @member {Long} receivedAt
                 * @memberof hopline.v1.DeviceEvent.Reception
                 * @instance
                 */
                Reception.prototype.receivedAt = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

                /**
                 * Reception rssiDbm.
                 * @member {number|null|undefined} rssiDbm
                 * @memberof hopline.v1.DeviceEvent.Reception
                 * @instance
                 */
                Reception.prototype.rssiDbm = null;

                /**
                 * Reception snrDb.
                 * @member {number} snrDb
                 * @memberof hopline.v1.DeviceEvent.Reception
                 * @instance
                 */
                Reception.prototype.snrDb = 0;

                // OneOf field names bound to virtual getters and setters
                let $oneOfFields;

                // Virtual OneOf for proto3 optional field
                $Object.defineProperty(Reception.prototype, "_rssiDbm", {
                    get: $util.oneOfGetter($oneOfFields = ["rssiDbm"]),
                    set: $util.oneOfSetter($oneOfFields)
                });

                /**
                 * Creates a new Reception instance using the specified properties.
                 * @function create
                 * @memberof hopline.v1.DeviceEvent.Reception
                 * @static
                 * @param {hopline.v1.DeviceEvent.Reception.$Properties=} [properties] Properties to set
                 * @returns {hopline.v1.DeviceEvent.Reception} Reception instance
                 * @type {{
                 *   (properties: hopline.v1.DeviceEvent.Reception.$Shape): hopline.v1.DeviceEvent.Reception & hopline.v1.DeviceEvent.Reception.$Shape;
                 *   (properties?: hopline.v1.DeviceEvent.Reception.$Properties): hopline.v1.DeviceEvent.Reception;
                 * }}
                 */
                Reception.create = function(properties) {
                    return new Reception(properties);
                };

                /**
                 * Encodes the specified Reception message. Does not implicitly {@link hopline.v1.DeviceEvent.Reception.verify|verify} messages.
                 * @function encode
                 * @memberof hopline.v1.DeviceEvent.Reception
                 * @static
                 * @param {hopline.v1.DeviceEvent.Reception.$Properties} message Reception message or plain object to encode
                 * @param {$protobuf.Writer} [writer] Writer to encode to
                 * @returns {$protobuf.Writer} Writer
                 */
                Reception.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.gatewayId != null && $Object.hasOwnProperty.call(message, "gatewayId") && message.gatewayId !== "")
                        writer.uint32(/* id 1, wireType 2 =*/10).string(message.gatewayId);
                    if (message.receivedAt != null && $Object.hasOwnProperty.call(message, "receivedAt") && (typeof message.receivedAt === "object" ? message.receivedAt.low || message.receivedAt.high : message.receivedAt !== 0))
                        writer.uint32(/* id 2, wireType 1 =*/17).fixed64(message.receivedAt);
                    if (message.rssiDbm != null && $Object.hasOwnProperty.call(message, "rssiDbm"))
                        writer.uint32(/* id 3, wireType 1 =*/25).double(message.rssiDbm);
                    if (message.snrDb != null && $Object.hasOwnProperty.call(message, "snrDb") && !$Object.is(message.snrDb, 0))
                        writer.uint32(/* id 4, wireType 1 =*/33).double(message.snrDb);
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                /**
                 * Decodes a Reception message from the specified reader or buffer.
                 * @function decode
                 * @memberof hopline.v1.DeviceEvent.Reception
                 * @static
                 * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
                 * @param {number} [length] Message length if known beforehand
                 * @returns {hopline.v1.DeviceEvent.Reception & hopline.v1.DeviceEvent.Reception.$Shape} Reception
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                Reception.decode = function (reader, length, _end, _depth, _target) {
                    if (!(reader instanceof $Reader))
                        reader = $Reader.create(reader);
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $Reader.recursionLimit)
                        throw $Error("max depth exceeded");
                    let end, message, value;
                    if (length === $undefined)
                        end = reader.len;
                    else {
                        end = reader.pos + length;
                        if (end > reader.len)
                            throw $RangeError("index out of range");
                        length = reader.len;
                        reader.len = end;
                    }
                    message = _target || new $root.hopline.v1.DeviceEvent.Reception();
                    while (reader.pos < end) {
                        let start = reader.pos;
                        let tag = reader.tag();
                        if (tag === _end) {
                            _end = $undefined;
                            break;
                        }
                        let wireType = tag & 7;
                        switch (tag >>>= 3) {
                        case 1: {
                                if (wireType !== 2)
                                    break;
                                if ((value = reader.stringVerify()).length)
                                    message.gatewayId = value;
                                else
                                    delete message.gatewayId;
                                continue;
                            }
                        case 2: {
                                if (wireType !== 1)
                                    break;
                                if (typeof (value = reader.fixed64()) === "object" ? value.low || value.high : value !== 0)
                                    message.receivedAt = value;
                                else
                                    delete message.receivedAt;
                                continue;
                            }
                        case 3: {
                                if (wireType !== 1)
                                    break;
                                message.rssiDbm = reader.double();
                                message._rssiDbm = "rssiDbm";
                                continue;
                            }
                        case 4: {
                                if (wireType !== 1)
                                    break;
                                if (!$Object.is(value = reader.double(), 0))
                                    message.snrDb = value;
                                else
                                    delete message.snrDb;
                                continue;
                            }
                        }
                        reader.skipType(wireType, _depth, tag);
                        if (!reader.discardUnknown) {
                            $util.makeProp(message, "$unknowns", false);
                            (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                        }
                    }
                    if (length !== $undefined) {
                        if (reader.pos !== end)
                            throw $RangeError("index out of range");
                        reader.len = length;
                    }
                    if (_end !== $undefined)
                        throw $Error("missing end group");
                    return message;
                };

                return Reception;
            })();

            return DeviceEvent;
        })();

        return v1;
    })();

    return hopline;
})();

export {
  $root as default
};
