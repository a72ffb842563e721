package io.aki.spring.boot.tasks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

import javax.sql.DataSource;

import org.springframework.boot.jdbc.init.DataSourceScriptDatabaseInitializer;
import org.springframework.boot.sql.init.DatabaseInitializationMode;
import org.springframework.boot.sql.init.DatabaseInitializationSettings;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.core.io.Resource;
import org.springframework.jdbc.datasource.init.DatabasePopulatorUtils;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;
import org.springframework.jdbc.datasource.init.ScriptException;

/**
 * Creates the tables of the tasks. The script can be executed again: it creates only what
 * does not exist.
 *
 * @since 1.0.0
 */
public class AkiTasksSchemaInitializer extends DataSourceScriptDatabaseInitializer {

	private static final String DEFAULT_PREFIX = "aki_";

	private final String tablePrefix;

	/**
	 * Create an initializer.
	 * @param dataSource the database
	 * @param mode when the tables are created
	 * @param tablePrefix the prefix of the names of the tables
	 */
	public AkiTasksSchemaInitializer(DataSource dataSource, DatabaseInitializationMode mode, String tablePrefix) {
		super(dataSource, settings(dataSource, mode));
		this.tablePrefix = tablePrefix;
	}

	private static DatabaseInitializationSettings settings(DataSource dataSource, DatabaseInitializationMode mode) {
		DatabaseInitializationSettings settings = new DatabaseInitializationSettings();
		settings.setMode(mode);
		if (mode != DatabaseInitializationMode.NEVER) {
			settings.setSchemaLocations(List.of(script(TaskDialect.of(dataSource))));
		}
		return settings;
	}

	private static String script(TaskDialect dialect) {
		return "classpath:io/aki/spring/boot/tasks/" + dialect.directory() + "/V1__aki_tasks.sql";
	}

	@Override
	protected void runScripts(Scripts scripts) {
		ResourceDatabasePopulator populator = new ResourceDatabasePopulator();
		for (Resource script : scripts) {
			populator.addScript(prefixed(script));
		}
		try {
			DatabasePopulatorUtils.execute(populator, getDataSource());
		}
		catch (ScriptException ex) {
			// instances that start at the same time create the same table on PostgreSQL
			DatabasePopulatorUtils.execute(populator, getDataSource());
		}
	}

	private Resource prefixed(Resource script) {
		if (this.tablePrefix.equals(DEFAULT_PREFIX)) {
			return script;
		}
		try {
			String text = script.getContentAsString(StandardCharsets.UTF_8);
			// the names of indexes must not contain the schema
			String indexPrefix = this.tablePrefix.substring(this.tablePrefix.lastIndexOf('.') + 1);
			return new ByteArrayResource(text.replace("index if not exists aki_", "index if not exists " + indexPrefix)
				.replaceAll("(?<!index if not exists )\\baki_(?=task)", this.tablePrefix)
				.getBytes(StandardCharsets.UTF_8));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
