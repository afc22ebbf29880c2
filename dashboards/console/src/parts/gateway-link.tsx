import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { gatewaysQuery } from "../api/queries.ts";
import { useMay } from "../identity/me.tsx";

/** A gateway by its name, on the map; by its id until the names are there. */
export function GatewayLink({ id }: { readonly id: string }) {
  const may = useMay();
  const gateways = useQuery({ ...gatewaysQuery, enabled: may("gateways:read") }).data?.items;
  return (
    <Link to="/" search={{ gateway: id }}>
      {gateways?.find((gateway) => gateway.id === id)?.name ?? id}
    </Link>
  );
}
