create table if not exists conversation (
	id varchar(36) primary key,
	owner varchar(200) not null,
	title varchar(200) not null,
	endpoint varchar(200) not null,
	system_prompt varchar(4000),
	temperature double precision,
	max_tokens integer,
	updated_at timestamp with time zone not null
);

create index if not exists conversation_owner on conversation (owner, updated_at);

-- the answer to a question is a task until it has ended; then its text is here
create table if not exists message (
	id varchar(36) primary key,
	conversation_id varchar(36) not null references conversation (id) on delete cascade,
	position integer not null,
	role varchar(20) not null,
	state varchar(20) not null,
	text varchar(1000000) not null,
	thinking varchar(1000000),
	error varchar(4000),
	tokens integer,
	seconds double precision,
	task_id varchar(36),
	request_id varchar(301) unique,
	created_at timestamp with time zone not null,
	unique (conversation_id, position)
);

create index if not exists message_task on message (task_id);

-- a file belongs to no question until its question is sent
create table if not exists attachment (
	id varchar(36) primary key,
	owner varchar(200) not null,
	message_id varchar(36) references message (id) on delete cascade,
	position integer,
	name varchar(200) not null,
	format varchar(10) not null,
	size integer not null,
	characters integer not null,
	data bytea not null,
	created_at timestamp with time zone not null
);

create index if not exists attachment_message on attachment (message_id, created_at);
