package io.aki.spring.boot.tasks;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import javax.sql.DataSource;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/**
 * Exchanges changes with {@code NOTIFY} and {@code LISTEN} of PostgreSQL. It needs one
 * connection of the data source while there are subscribers.
 */
final class PostgresBroadcast implements ChangeBroadcast {

	private static final Log logger = LogFactory.getLog(PostgresBroadcast.class);

	/** PostgreSQL accepts less than 8,000 bytes. */
	private static final int PAYLOAD_MAX = 7000;

	private static final Duration RECONNECT_DELAY = Duration.ofSeconds(1);

	private static final int WAIT_MILLIS = 500;

	private static final String DELETED = "deleted";

	private final TaskDatabase database;

	private final String channel;

	private final String instance;

	PostgresBroadcast(TaskDatabase database, String instance) {
		this.database = database;
		// applications in other schemas have other channels
		String tables = database.jdbc().sql("select current_schema()").query(String.class).single() + '.'
				+ database.name("task");
		this.channel = "aki_" + Integer.toHexString(tables.hashCode());
		this.instance = instance;
	}

	@Override
	public void send(Collection<OwnedChange> changes) {
		StringBuilder payload = new StringBuilder(this.instance);
		for (OwnedChange change : changes) {
			String line = write(change);
			if (payload.length() + line.length() > PAYLOAD_MAX) {
				send(payload.toString());
				payload = new StringBuilder(this.instance);
			}
			payload.append(line);
		}
		if (payload.length() > this.instance.length()) {
			send(payload.toString());
		}
	}

	private void send(String payload) {
		this.database.sql("select pg_notify(:channel, :payload)")
			.param("channel", this.channel)
			.param("payload", payload)
			.query((row) -> {
			});
	}

	private static String write(OwnedChange change) {
		AkiTaskState state = change.change().state();
		return "\n" + change.change().id() + " " + ((state != null) ? state.value() : DELETED) + " "
				+ URLEncoder.encode(change.owner(), StandardCharsets.UTF_8);
	}

	@Override
	public void receive(TaskChanges changes, CountDownLatch stopped) throws InterruptedException {
		do {
			try (Connection connection = open(this.database.dataSource())) {
				changes.publish(OwnedChange.RESET);
				listen(connection, changes, stopped);
			}
			catch (SQLException | RuntimeException ex) {
				logger.debug("The changes of other instances are not received, trying again", ex);
			}
		}
		while (!stopped.await(RECONNECT_DELAY.toMillis(), TimeUnit.MILLISECONDS));
	}

	private Connection open(DataSource dataSource) throws SQLException {
		Connection connection = dataSource.getConnection();
		try {
			connection.setAutoCommit(true);
			try (Statement statement = connection.createStatement()) {
				statement.execute("listen " + this.channel);
			}
			return connection;
		}
		catch (SQLException ex) {
			connection.close();
			throw ex;
		}
	}

	private void listen(Connection connection, TaskChanges changes, CountDownLatch stopped) throws SQLException {
		PGConnection postgres = connection.unwrap(PGConnection.class);
		try {
			while (stopped.getCount() > 0) {
				for (PGNotification notification : postgres.getNotifications(WAIT_MILLIS)) {
					read(notification.getParameter(), changes);
				}
			}
		}
		finally {
			// the pool gives the connection to others
			try (Statement statement = connection.createStatement()) {
				statement.execute("unlisten " + this.channel);
			}
		}
	}

	private void read(String payload, TaskChanges changes) {
		String[] lines = payload.split("\n");
		if (lines[0].equals(this.instance)) {
			return;
		}
		for (int i = 1; i < lines.length; i++) {
			String[] parts = lines[i].split(" ", 3);
			AkiTaskState state = parts[1].equals(DELETED) ? null : AkiTaskState.of(parts[1]);
			changes.publish(new OwnedChange(URLDecoder.decode(parts[2], StandardCharsets.UTF_8),
					new AkiTaskChange(parts[0], state)));
		}
	}

}
