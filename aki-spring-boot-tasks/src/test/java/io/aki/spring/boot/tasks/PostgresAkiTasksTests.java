package io.aki.spring.boot.tasks;

import java.sql.Connection;
import java.sql.DriverManager;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/**
 * Runs the tests of {@link AkiTasks} on PostgreSQL.
 */
@Tag("process")
class PostgresAkiTasksTests extends AbstractAkiTasksTests {

	private static final AtomicInteger SCHEMAS = new AtomicInteger();

	private static PostgresServer server;

	@BeforeAll
	static void startServer() throws Exception {
		server = PostgresServer.create();
	}

	@AfterAll
	static void stopServer() throws Exception {
		if (server != null) {
			server.close();
		}
	}

	@Override
	String[] database() throws Exception {
		String database = "test" + SCHEMAS.incrementAndGet();
		try (Connection connection = DriverManager.getConnection(server.url(), "postgres", "postgres")) {
			connection.createStatement().execute("create database " + database);
		}
		String[] properties = server.properties();
		properties[0] = properties[0].replace("/postgres", "/" + database);
		return properties;
	}

}
