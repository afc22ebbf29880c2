-- For Grafana's data source: whoever may edit a panel can ask anything that this role may read.
-- Keys, payloads and readings in the clear are left out. Run it as the owner of the database after
-- Hopline has started once, then set a password: alter role hopline_grafana password '…'
create role hopline_grafana login;
alter role hopline_grafana set default_transaction_read_only = on;
alter role hopline_grafana set statement_timeout = '30s';
grant select (address, serial, name, profile, life_cycle) on terminal to hopline_grafana;
grant select (id, address, session, counter, verdict, accepted, below_window, type, drill, report,
  measured_at_ns, received_at_ns, stored_at, gateway_id, bytes) on packet to hopline_grafana;
grant select on reception, gateway, refusal_count, usage_record to hopline_grafana;
grant select (address, measured_at_ns, received_at_ns) on device_state to hopline_grafana;
grant select (address, state, created_at) on session to hopline_grafana;
grant select (kind, status, result, attempts, due_at) on page_request to hopline_grafana;
grant select (id) on telemetry_outbox, telemetry_refusal to hopline_grafana;
