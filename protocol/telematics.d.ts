import * as $protobuf from "protobufjs";
import Long from "long";

/** Namespace hopline. */
export namespace hopline {

    /** Namespace v1. */
    namespace v1 {

        /**
         * Properties of an Uplink.
         * @deprecated Use hopline.v1.Uplink.$Properties instead.
         */
        interface IUplink extends hopline.v1.Uplink.$Properties {
        }

        /** Represents an Uplink. */
        class Uplink {

            /**
             * Constructs a new Uplink.
             * @param [properties] Properties to set
             */
            constructor(properties?: hopline.v1.Uplink.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Uplink gatewayId. */
            gatewayId: string;

            /** Uplink modemId. */
            modemId: string;

            /** Uplink outboxId. */
            outboxId: string;

            /** Uplink sequence. */
            sequence: Long;

            /** Uplink backfilled. */
            backfilled: boolean;

            /** Uplink receivedAtNs. */
            receivedAtNs: Long;

            /** Uplink phyPayload. */
            phyPayload: Uint8Array;

            /** Uplink carrierHz. */
            carrierHz: number;

            /** Uplink rssiDbm. */
            rssiDbm?: (number|null);

            /** Uplink snrDb. */
            snrDb: number;

            /** Uplink codingRate. */
            codingRate: number;

            /** Uplink hopSequenceId. */
            hopSequenceId: number;

            /** Uplink fragmentsTotal. */
            fragmentsTotal: number;

            /** Uplink fragmentsLost. */
            fragmentsLost: number;

            /** Uplink clockState. */
            clockState: number;

            /** Uplink clockErrorNs. */
            clockErrorNs?: (number|null);

            /**
             * Creates a new Uplink instance using the specified properties.
             * @param [properties] Properties to set
             * @returns Uplink instance
             */
            static create(properties: hopline.v1.Uplink.$Shape): hopline.v1.Uplink & hopline.v1.Uplink.$Shape;
            static create(properties?: hopline.v1.Uplink.$Properties): hopline.v1.Uplink;

            /**
             * Encodes the specified Uplink message. Does not implicitly {@link hopline.v1.Uplink.verify|verify} messages.
             * @param message Uplink message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: hopline.v1.Uplink.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes an Uplink message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {hopline.v1.Uplink & hopline.v1.Uplink.$Shape} Uplink
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): hopline.v1.Uplink & hopline.v1.Uplink.$Shape;
        }

        namespace Uplink {

            /** Properties of an Uplink. */
            interface $Properties {

                /** Uplink gatewayId */
                gatewayId?: (string|null);

                /** Uplink modemId */
                modemId?: (string|null);

                /** Uplink outboxId */
                outboxId?: (string|null);

                /** Uplink sequence */
                sequence?: (Long|null);

                /** Uplink backfilled */
                backfilled?: (boolean|null);

                /** Uplink receivedAtNs */
                receivedAtNs?: (Long|null);

                /** Uplink phyPayload */
                phyPayload?: (Uint8Array|null);

                /** Uplink carrierHz */
                carrierHz?: (number|null);

                /** Uplink rssiDbm */
                rssiDbm?: (number|null);

                /** Uplink snrDb */
                snrDb?: (number|null);

                /** Uplink codingRate */
                codingRate?: (number|null);

                /** Uplink hopSequenceId */
                hopSequenceId?: (number|null);

                /** Uplink fragmentsTotal */
                fragmentsTotal?: (number|null);

                /** Uplink fragmentsLost */
                fragmentsLost?: (number|null);

                /** Uplink clockState */
                clockState?: (number|null);

                /** Uplink clockErrorNs */
                clockErrorNs?: (number|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of an Uplink. */
            type $Shape = hopline.v1.Uplink.$Properties;
        }

        /**
         * Properties of a Stored.
         * @deprecated Use hopline.v1.Stored.$Properties instead.
         */
        interface IStored extends hopline.v1.Stored.$Properties {
        }

        /** Represents a Stored. */
        class Stored {

            /**
             * Constructs a new Stored.
             * @param [properties] Properties to set
             */
            constructor(properties?: hopline.v1.Stored.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Stored outboxId. */
            outboxId: string;

            /** Stored ranges. */
            ranges: hopline.v1.Stored.Range.$Properties[];

            /**
             * Creates a new Stored instance using the specified properties.
             * @param [properties] Properties to set
             * @returns Stored instance
             */
            static create(properties: hopline.v1.Stored.$Shape): hopline.v1.Stored & hopline.v1.Stored.$Shape;
            static create(properties?: hopline.v1.Stored.$Properties): hopline.v1.Stored;

            /**
             * Encodes the specified Stored message. Does not implicitly {@link hopline.v1.Stored.verify|verify} messages.
             * @param message Stored message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: hopline.v1.Stored.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Stored message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {hopline.v1.Stored & hopline.v1.Stored.$Shape} Stored
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): hopline.v1.Stored & hopline.v1.Stored.$Shape;
        }

        namespace Stored {

            /** Properties of a Stored. */
            interface $Properties {

                /** Stored outboxId */
                outboxId?: (string|null);

                /** Stored ranges */
                ranges?: (hopline.v1.Stored.Range.$Properties[]|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a Stored. */
            type $Shape = hopline.v1.Stored.$Properties;

            /**
             * Properties of a Range.
             * @deprecated Use hopline.v1.Stored.Range.$Properties instead.
             */
            interface IRange extends hopline.v1.Stored.Range.$Properties {
            }

            /** Represents a Range. */
            class Range {

                /**
                 * Constructs a new Range.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: hopline.v1.Stored.Range.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** Range first. */
                first: Long;

                /** Range last. */
                last: Long;

                /**
                 * Creates a new Range instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns Range instance
                 */
                static create(properties: hopline.v1.Stored.Range.$Shape): hopline.v1.Stored.Range & hopline.v1.Stored.Range.$Shape;
                static create(properties?: hopline.v1.Stored.Range.$Properties): hopline.v1.Stored.Range;

                /**
                 * Encodes the specified Range message. Does not implicitly {@link hopline.v1.Stored.Range.verify|verify} messages.
                 * @param message Range message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: hopline.v1.Stored.Range.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a Range message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {hopline.v1.Stored.Range & hopline.v1.Stored.Range.$Shape} Range
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): hopline.v1.Stored.Range & hopline.v1.Stored.Range.$Shape;
            }

            namespace Range {

                /** Properties of a Range. */
                interface $Properties {

                    /** Range first */
                    first?: (Long|null);

                    /** Range last */
                    last?: (Long|null);

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a Range. */
                type $Shape = hopline.v1.Stored.Range.$Properties;
            }
        }

        /**
         * Properties of a PageRequest.
         * @deprecated Use hopline.v1.PageRequest.$Properties instead.
         */
        interface IPageRequest extends hopline.v1.PageRequest.$Properties {
        }

        /** Represents a PageRequest. */
        class PageRequest {

            /**
             * Constructs a new PageRequest.
             * @param [properties] Properties to set
             */
            constructor(properties?: hopline.v1.PageRequest.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** PageRequest id. */
            id: string;

            /** PageRequest rate. */
            rate: number;

            /** PageRequest words. */
            words: number[];

            /** PageRequest earliestAtNs. */
            earliestAtNs: Long;

            /** PageRequest expiresAtNs. */
            expiresAtNs: Long;

            /** PageRequest priority. */
            priority: number;

            /**
             * Creates a new PageRequest instance using the specified properties.
             * @param [properties] Properties to set
             * @returns PageRequest instance
             */
            static create(properties: hopline.v1.PageRequest.$Shape): hopline.v1.PageRequest & hopline.v1.PageRequest.$Shape;
            static create(properties?: hopline.v1.PageRequest.$Properties): hopline.v1.PageRequest;

            /**
             * Encodes the specified PageRequest message. Does not implicitly {@link hopline.v1.PageRequest.verify|verify} messages.
             * @param message PageRequest message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: hopline.v1.PageRequest.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a PageRequest message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {hopline.v1.PageRequest & hopline.v1.PageRequest.$Shape} PageRequest
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): hopline.v1.PageRequest & hopline.v1.PageRequest.$Shape;
        }

        namespace PageRequest {

            /** Properties of a PageRequest. */
            interface $Properties {

                /** PageRequest id */
                id?: (string|null);

                /** PageRequest rate */
                rate?: (number|null);

                /** PageRequest words */
                words?: (number[]|null);

                /** PageRequest earliestAtNs */
                earliestAtNs?: (Long|null);

                /** PageRequest expiresAtNs */
                expiresAtNs?: (Long|null);

                /** PageRequest priority */
                priority?: (number|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a PageRequest. */
            type $Shape = hopline.v1.PageRequest.$Properties;
        }

        /**
         * Properties of a PageResult.
         * @deprecated Use hopline.v1.PageResult.$Properties instead.
         */
        interface IPageResult extends hopline.v1.PageResult.$Properties {
        }

        /** Represents a PageResult. */
        class PageResult {

            /**
             * Constructs a new PageResult.
             * @param [properties] Properties to set
             */
            constructor(properties?: hopline.v1.PageResult.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** PageResult id. */
            id: string;

            /** PageResult status. */
            status: hopline.v1.PageResult.Status;

            /** PageResult startedAtNs. */
            startedAtNs: Long;

            /**
             * Creates a new PageResult instance using the specified properties.
             * @param [properties] Properties to set
             * @returns PageResult instance
             */
            static create(properties: hopline.v1.PageResult.$Shape): hopline.v1.PageResult & hopline.v1.PageResult.$Shape;
            static create(properties?: hopline.v1.PageResult.$Properties): hopline.v1.PageResult;

            /**
             * Encodes the specified PageResult message. Does not implicitly {@link hopline.v1.PageResult.verify|verify} messages.
             * @param message PageResult message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: hopline.v1.PageResult.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a PageResult message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {hopline.v1.PageResult & hopline.v1.PageResult.$Shape} PageResult
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): hopline.v1.PageResult & hopline.v1.PageResult.$Shape;
        }

        namespace PageResult {

            /** Properties of a PageResult. */
            interface $Properties {

                /** PageResult id */
                id?: (string|null);

                /** PageResult status */
                status?: (hopline.v1.PageResult.Status|null);

                /** PageResult startedAtNs */
                startedAtNs?: (Long|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a PageResult. */
            type $Shape = hopline.v1.PageResult.$Properties;

            /** Status enum. */
            enum Status {

                /** STATUS_UNSPECIFIED value */
                STATUS_UNSPECIFIED = 0,

                /** STATUS_SENT value */
                STATUS_SENT = 1,

                /** STATUS_TOO_LATE value */
                STATUS_TOO_LATE = 2,

                /** STATUS_BUSY value */
                STATUS_BUSY = 3,

                /** STATUS_FAULT value */
                STATUS_FAULT = 4,

                /** STATUS_CANCELLED value */
                STATUS_CANCELLED = 5,

                /** STATUS_EXPIRED value */
                STATUS_EXPIRED = 6,

                /** STATUS_REFUSED value */
                STATUS_REFUSED = 7
            }
        }

        /**
         * Properties of a GatewayState.
         * @deprecated Use hopline.v1.GatewayState.$Properties instead.
         */
        interface IGatewayState extends hopline.v1.GatewayState.$Properties {
        }

        /** Represents a GatewayState. */
        class GatewayState {

            /**
             * Constructs a new GatewayState.
             * @param [properties] Properties to set
             */
            constructor(properties?: hopline.v1.GatewayState.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** GatewayState gatewayId. */
            gatewayId: string;

            /** GatewayState online. */
            online: boolean;

            /** GatewayState since. */
            since: Long;

            /** GatewayState latitude. */
            latitude?: (number|null);

            /** GatewayState longitude. */
            longitude?: (number|null);

            /** GatewayState modems. */
            modems: hopline.v1.GatewayState.Modem.$Properties[];

            /** GatewayState counters. */
            counters: { [k: string]: Long };

            /**
             * Creates a new GatewayState instance using the specified properties.
             * @param [properties] Properties to set
             * @returns GatewayState instance
             */
            static create(properties: hopline.v1.GatewayState.$Shape): hopline.v1.GatewayState & hopline.v1.GatewayState.$Shape;
            static create(properties?: hopline.v1.GatewayState.$Properties): hopline.v1.GatewayState;

            /**
             * Encodes the specified GatewayState message. Does not implicitly {@link hopline.v1.GatewayState.verify|verify} messages.
             * @param message GatewayState message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: hopline.v1.GatewayState.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a GatewayState message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {hopline.v1.GatewayState & hopline.v1.GatewayState.$Shape} GatewayState
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): hopline.v1.GatewayState & hopline.v1.GatewayState.$Shape;
        }

        namespace GatewayState {

            /** Properties of a GatewayState. */
            interface $Properties {

                /** GatewayState gatewayId */
                gatewayId?: (string|null);

                /** GatewayState online */
                online?: (boolean|null);

                /** GatewayState since */
                since?: (Long|null);

                /** GatewayState latitude */
                latitude?: (number|null);

                /** GatewayState longitude */
                longitude?: (number|null);

                /** GatewayState modems */
                modems?: (hopline.v1.GatewayState.Modem.$Properties[]|null);

                /** GatewayState counters */
                counters?: ({ [k: string]: Long }|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a GatewayState. */
            type $Shape = hopline.v1.GatewayState.$Properties;

            /**
             * Properties of a Modem.
             * @deprecated Use hopline.v1.GatewayState.Modem.$Properties instead.
             */
            interface IModem extends hopline.v1.GatewayState.Modem.$Properties {
            }

            /** Represents a Modem. */
            class Modem {

                /**
                 * Constructs a new Modem.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: hopline.v1.GatewayState.Modem.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** Modem id. */
                id: string;

                /** Modem name. */
                name: string;

                /** Modem connected. */
                connected: boolean;

                /** Modem clockState. */
                clockState: number;

                /** Modem clockErrorNs. */
                clockErrorNs?: (number|null);

                /** Modem headersFound. */
                headersFound: Long;

                /** Modem overruns. */
                overruns: Long;

                /** Modem badFrames. */
                badFrames: Long;

                /** Modem temperatureC. */
                temperatureC: number;

                /** Modem uptimeS. */
                uptimeS: Long;

                /** Modem firmware. */
                firmware: string;

                /**
                 * Creates a new Modem instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns Modem instance
                 */
                static create(properties: hopline.v1.GatewayState.Modem.$Shape): hopline.v1.GatewayState.Modem & hopline.v1.GatewayState.Modem.$Shape;
                static create(properties?: hopline.v1.GatewayState.Modem.$Properties): hopline.v1.GatewayState.Modem;

                /**
                 * Encodes the specified Modem message. Does not implicitly {@link hopline.v1.GatewayState.Modem.verify|verify} messages.
                 * @param message Modem message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: hopline.v1.GatewayState.Modem.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a Modem message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {hopline.v1.GatewayState.Modem & hopline.v1.GatewayState.Modem.$Shape} Modem
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): hopline.v1.GatewayState.Modem & hopline.v1.GatewayState.Modem.$Shape;
            }

            namespace Modem {

                /** Properties of a Modem. */
                interface $Properties {

                    /** Modem id */
                    id?: (string|null);

                    /** Modem name */
                    name?: (string|null);

                    /** Modem connected */
                    connected?: (boolean|null);

                    /** Modem clockState */
                    clockState?: (number|null);

                    /** Modem clockErrorNs */
                    clockErrorNs?: (number|null);

                    /** Modem headersFound */
                    headersFound?: (Long|null);

                    /** Modem overruns */
                    overruns?: (Long|null);

                    /** Modem badFrames */
                    badFrames?: (Long|null);

                    /** Modem temperatureC */
                    temperatureC?: (number|null);

                    /** Modem uptimeS */
                    uptimeS?: (Long|null);

                    /** Modem firmware */
                    firmware?: (string|null);

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a Modem. */
                type $Shape = hopline.v1.GatewayState.Modem.$Properties;
            }
        }

        /**
         * Properties of a DeviceEvent.
         * @deprecated Use hopline.v1.DeviceEvent.$Properties instead.
         */
        interface IDeviceEvent extends hopline.v1.DeviceEvent.$Properties {
        }

        /** Represents a DeviceEvent. */
        class DeviceEvent {

            /**
             * Constructs a new DeviceEvent.
             * @param [properties] Properties to set
             */
            constructor(properties?: hopline.v1.DeviceEvent.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** DeviceEvent id. */
            id: string;

            /** DeviceEvent customerId. */
            customerId: string;

            /** DeviceEvent deviceId. */
            deviceId: string;

            /** DeviceEvent kind. */
            kind: string;

            /** DeviceEvent measuredAt. */
            measuredAt: Long;

            /** DeviceEvent receivedAt. */
            receivedAt: Long;

            /** DeviceEvent fields. */
            fields: { [k: string]: hopline.v1.DeviceEvent.Field.$Properties };

            /** DeviceEvent position. */
            position?: (hopline.v1.DeviceEvent.Position.$Properties|null);

            /** DeviceEvent receptions. */
            receptions: hopline.v1.DeviceEvent.Reception.$Properties[];

            /**
             * Creates a new DeviceEvent instance using the specified properties.
             * @param [properties] Properties to set
             * @returns DeviceEvent instance
             */
            static create(properties: hopline.v1.DeviceEvent.$Shape): hopline.v1.DeviceEvent & hopline.v1.DeviceEvent.$Shape;
            static create(properties?: hopline.v1.DeviceEvent.$Properties): hopline.v1.DeviceEvent;

            /**
             * Encodes the specified DeviceEvent message. Does not implicitly {@link hopline.v1.DeviceEvent.verify|verify} messages.
             * @param message DeviceEvent message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: hopline.v1.DeviceEvent.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a DeviceEvent message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {hopline.v1.DeviceEvent & hopline.v1.DeviceEvent.$Shape} DeviceEvent
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): hopline.v1.DeviceEvent & hopline.v1.DeviceEvent.$Shape;
        }

        namespace DeviceEvent {

            /** Properties of a DeviceEvent. */
            interface $Properties {

                /** DeviceEvent id */
                id?: (string|null);

                /** DeviceEvent customerId */
                customerId?: (string|null);

                /** DeviceEvent deviceId */
                deviceId?: (string|null);

                /** DeviceEvent kind */
                kind?: (string|null);

                /** DeviceEvent measuredAt */
                measuredAt?: (Long|null);

                /** DeviceEvent receivedAt */
                receivedAt?: (Long|null);

                /** DeviceEvent fields */
                fields?: ({ [k: string]: hopline.v1.DeviceEvent.Field.$Properties }|null);

                /** DeviceEvent position */
                position?: (hopline.v1.DeviceEvent.Position.$Properties|null);

                /** DeviceEvent receptions */
                receptions?: (hopline.v1.DeviceEvent.Reception.$Properties[]|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a DeviceEvent. */
            type $Shape = {
              id?: string|null;
              customerId?: string|null;
              deviceId?: string|null;
              kind?: string|null;
              measuredAt?: Long|null;
              receivedAt?: Long|null;
              fields?: { [k: string]: hopline.v1.DeviceEvent.Field.$Shape }|null;
              position?: hopline.v1.DeviceEvent.Position.$Shape|null;
              receptions?: hopline.v1.DeviceEvent.Reception.$Shape[]|null;
              $unknowns?: Uint8Array[];
            };

            /**
             * Properties of a Field.
             * @deprecated Use hopline.v1.DeviceEvent.Field.$Properties instead.
             */
            interface IField extends hopline.v1.DeviceEvent.Field.$Properties {
            }

            /** Represents a Field. */
            class Field {

                /**
                 * Constructs a new Field.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: hopline.v1.DeviceEvent.Field.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** Field number. */
                number?: (number|null);

                /** Field flag. */
                flag?: (boolean|null);

                /** Field text. */
                text?: (string|null);

                /** Field unit. */
                unit: string;

                /** Field value. */
                value?: ("number"|"flag"|"text");

                /**
                 * Creates a new Field instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns Field instance
                 */
                static create(properties: hopline.v1.DeviceEvent.Field.$Shape): hopline.v1.DeviceEvent.Field & hopline.v1.DeviceEvent.Field.$Shape;
                static create(properties?: hopline.v1.DeviceEvent.Field.$Properties): hopline.v1.DeviceEvent.Field;

                /**
                 * Encodes the specified Field message. Does not implicitly {@link hopline.v1.DeviceEvent.Field.verify|verify} messages.
                 * @param message Field message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: hopline.v1.DeviceEvent.Field.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a Field message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {hopline.v1.DeviceEvent.Field & hopline.v1.DeviceEvent.Field.$Shape} Field
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): hopline.v1.DeviceEvent.Field & hopline.v1.DeviceEvent.Field.$Shape;
            }

            namespace Field {

                /** Properties of a Field. */
                interface $Properties {

                    /** Field number */
                    number?: (number|null);

                    /** Field flag */
                    flag?: (boolean|null);

                    /** Field text */
                    text?: (string|null);

                    /** Field unit */
                    unit?: (string|null);

                    /** Field value */
                    value?: ("number"|"flag"|"text");

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Narrowed shape of a Field. */
                type $Shape = {
                  number?: number|null;
                  flag?: boolean|null;
                  text?: string|null;
                  unit?: string|null;
                  $unknowns?: Uint8Array[];
                } & (
                  ({ value?: undefined; number?: null; flag?: null; text?: null }|{ value?: "number"; number: number; flag?: null; text?: null }|{ value?: "flag"; number?: null; flag: boolean; text?: null }|{ value?: "text"; number?: null; flag?: null; text: string })
                );
            }

            /**
             * Properties of a Position.
             * @deprecated Use hopline.v1.DeviceEvent.Position.$Properties instead.
             */
            interface IPosition extends hopline.v1.DeviceEvent.Position.$Properties {
            }

            /** Represents a Position. */
            class Position {

                /**
                 * Constructs a new Position.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: hopline.v1.DeviceEvent.Position.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** Position latitude. */
                latitude: number;

                /** Position longitude. */
                longitude: number;

                /** Position source. */
                source: string;

                /** Position errorM. */
                errorM?: (number|null);

                /**
                 * Creates a new Position instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns Position instance
                 */
                static create(properties: hopline.v1.DeviceEvent.Position.$Shape): hopline.v1.DeviceEvent.Position & hopline.v1.DeviceEvent.Position.$Shape;
                static create(properties?: hopline.v1.DeviceEvent.Position.$Properties): hopline.v1.DeviceEvent.Position;

                /**
                 * Encodes the specified Position message. Does not implicitly {@link hopline.v1.DeviceEvent.Position.verify|verify} messages.
                 * @param message Position message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: hopline.v1.DeviceEvent.Position.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a Position message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {hopline.v1.DeviceEvent.Position & hopline.v1.DeviceEvent.Position.$Shape} Position
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): hopline.v1.DeviceEvent.Position & hopline.v1.DeviceEvent.Position.$Shape;
            }

            namespace Position {

                /** Properties of a Position. */
                interface $Properties {

                    /** Position latitude */
                    latitude?: (number|null);

                    /** Position longitude */
                    longitude?: (number|null);

                    /** Position source */
                    source?: (string|null);

                    /** Position errorM */
                    errorM?: (number|null);

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a Position. */
                type $Shape = hopline.v1.DeviceEvent.Position.$Properties;
            }

            /**
             * Properties of a Reception.
             * @deprecated Use hopline.v1.DeviceEvent.Reception.$Properties instead.
             */
            interface IReception extends hopline.v1.DeviceEvent.Reception.$Properties {
            }

            /** Represents a Reception. */
            class Reception {

                /**
                 * Constructs a new Reception.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: hopline.v1.DeviceEvent.Reception.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** Reception gatewayId. */
                gatewayId: string;

                /** Reception receivedAt. */
                receivedAt: Long;

                /** Reception rssiDbm. */
                rssiDbm?: (number|null);

                /** Reception snrDb. */
                snrDb: number;

                /**
                 * Creates a new Reception instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns Reception instance
                 */
                static create(properties: hopline.v1.DeviceEvent.Reception.$Shape): hopline.v1.DeviceEvent.Reception & hopline.v1.DeviceEvent.Reception.$Shape;
                static create(properties?: hopline.v1.DeviceEvent.Reception.$Properties): hopline.v1.DeviceEvent.Reception;

                /**
                 * Encodes the specified Reception message. Does not implicitly {@link hopline.v1.DeviceEvent.Reception.verify|verify} messages.
                 * @param message Reception message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: hopline.v1.DeviceEvent.Reception.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a Reception message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {hopline.v1.DeviceEvent.Reception & hopline.v1.DeviceEvent.Reception.$Shape} Reception
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): hopline.v1.DeviceEvent.Reception & hopline.v1.DeviceEvent.Reception.$Shape;
            }

            namespace Reception {

                /** Properties of a Reception. */
                interface $Properties {

                    /** Reception gatewayId */
                    gatewayId?: (string|null);

                    /** Reception receivedAt */
                    receivedAt?: (Long|null);

                    /** Reception rssiDbm */
                    rssiDbm?: (number|null);

                    /** Reception snrDb */
                    snrDb?: (number|null);

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a Reception. */
                type $Shape = hopline.v1.DeviceEvent.Reception.$Properties;
            }
        }
    }
}
