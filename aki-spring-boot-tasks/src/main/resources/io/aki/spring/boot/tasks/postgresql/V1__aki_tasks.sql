-- The tables of aki-spring-boot-tasks. This file can be used as a migration of Flyway or Liquibase.
-- If 'aki.io.tasks.table-prefix' is not 'aki_', replace 'aki_' in all names.

-- The state of a task. Reports of the progress write this row only.
create table if not exists aki_task (
	id varchar(36) not null primary key,
	endpoint varchar(200) not null,
	-- empty for a task without an owner
	owner varchar(200) not null,
	idempotency_key varchar(200),
	metadata varchar(4000) not null,
	state varchar(10) not null,
	-- increases when the task is retried; part of the key of the queue
	run integer not null,
	-- increases when an instance claims the task; the writes of an earlier attempt change nothing
	attempt integer not null,
	-- the instance that follows the job
	instance varchar(100),
	job_id varchar(200),
	progress double precision not null,
	queue_position integer not null,
	estimate double precision not null,
	cancel_requested boolean not null,
	error varchar(2000),
	error_code integer,
	binaries integer not null,
	created_at timestamp with time zone not null,
	started_at timestamp with time zone,
	updated_at timestamp with time zone not null,
	ended_at timestamp with time zone
) with (fillfactor = 70);

create unique index if not exists aki_task_idempotency on aki_task (owner, idempotency_key);
create index if not exists aki_task_created on aki_task (created_at);
create index if not exists aki_task_owner on aki_task (owner, created_at);
create index if not exists aki_task_state on aki_task (state, ended_at);
create index if not exists aki_task_endpoint on aki_task (endpoint, state, created_at);
create index if not exists aki_task_instance on aki_task (instance, state);

create table if not exists aki_task_params (
	task_id varchar(36) not null primary key references aki_task (id) on delete cascade,
	params text not null
);

create table if not exists aki_task_result (
	task_id varchar(36) not null primary key references aki_task (id) on delete cascade,
	result text not null
);

create table if not exists aki_task_binary (
	task_id varchar(36) not null references aki_task (id) on delete cascade,
	position integer not null,
	format varchar(30) not null,
	length integer not null,
	data bytea not null,
	primary key (task_id, position)
);

-- The queue, in the form of db-scheduler's table.
create table if not exists aki_task_queue (
	task_name varchar(100) not null,
	task_instance varchar(100) not null,
	task_data bytea,
	execution_time timestamp with time zone not null,
	picked boolean not null,
	picked_by varchar(100),
	last_success timestamp with time zone,
	last_failure timestamp with time zone,
	consecutive_failures integer,
	last_heartbeat timestamp with time zone,
	version bigint not null,
	priority smallint,
	primary key (task_name, task_instance)
) with (fillfactor = 70);

create index if not exists aki_task_queue_execution_time on aki_task_queue (execution_time);
create index if not exists aki_task_queue_last_heartbeat on aki_task_queue (last_heartbeat);
