-- Runs on H2 and on PostgreSQL; ${blob} is the one type that they spell differently.

create table task (
	id varchar(36) primary key,
	endpoint varchar(100) not null,
	worker varchar(10) not null,
	params text not null,
	prompt varchar(200) not null,
	status varchar(10) not null,
	-- grows when a user asks for another try; part of the queue's key
	run int not null,
	-- grows whenever a worker takes the task; what an earlier worker writes finds no row
	attempt int not null,
	job_id varchar(200),
	progress double precision not null,
	queue_position int not null,
	estimate double precision not null,
	message varchar(200),
	cancel_requested boolean not null,
	result text,
	error varchar(2000),
	binaries int not null,
	created_at timestamp with time zone not null,
	updated_at timestamp with time zone not null
);

create index task_created on task (created_at);
create index task_updated on task (updated_at);
create index task_status on task (status);

create table task_binary (
	task_id varchar(36) not null references task (id) on delete cascade,
	position int not null,
	format varchar(30) not null,
	length bigint not null,
	data ${blob} not null,
	primary key (task_id, position)
);

-- db-scheduler's
create table scheduled_tasks (
	task_name varchar(100) not null,
	task_instance varchar(100) not null,
	task_data bytea,
	execution_time timestamp with time zone not null,
	picked boolean not null,
	picked_by varchar(100),
	last_success timestamp with time zone,
	last_failure timestamp with time zone,
	consecutive_failures int,
	last_heartbeat timestamp with time zone,
	version bigint not null,
	priority smallint,
	primary key (task_name, task_instance)
);

create index execution_time_idx on scheduled_tasks (execution_time);
create index last_heartbeat_idx on scheduled_tasks (last_heartbeat);
