package io.aki.spring.boot.tasks;

import java.sql.DatabaseMetaData;
import java.util.Locale;
import java.util.stream.Stream;

import javax.sql.DataSource;

import org.springframework.jdbc.support.JdbcUtils;
import org.springframework.jdbc.support.MetaDataAccessException;

/**
 * The databases that are supported.
 */
enum TaskDialect {

	H2, POSTGRESQL;

	static TaskDialect of(DataSource dataSource) {
		String product;
		try {
			product = JdbcUtils.extractDatabaseMetaData(dataSource, DatabaseMetaData::getDatabaseProductName);
		}
		catch (MetaDataAccessException ex) {
			throw new IllegalStateException("The database of the durable tasks is not available", ex);
		}
		return Stream.of(values())
			.filter((dialect) -> dialect.name().equalsIgnoreCase(product))
			.findFirst()
			.orElseThrow(() -> new IllegalStateException("Durable tasks support H2 and PostgreSQL, not " + product
					+ ". Set 'aki.io.tasks.enabled' to 'false', or use another data source"));
	}

	/**
	 * Return the directory of the database's scripts.
	 */
	String directory() {
		return name().toLowerCase(Locale.ROOT);
	}

}
