package io.aki.spring.boot.test;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.core.env.EnumerablePropertySource;

/**
 * Provides the address and the API key of the emulator as properties. Reading a property
 * starts the emulator. Conditions can read the properties before all beans are
 * registered. In that case the emulator is not started and the values are placeholders.
 */
final class EmulatorPropertySource extends EnumerablePropertySource<ObjectProvider<AkiEmulator>> {

	private static final String API_SERVER = "aki.io.api-server";

	private static final String API_KEY = "aki.io.api-key";

	private volatile boolean open;

	EmulatorPropertySource(String name, ObjectProvider<AkiEmulator> emulator) {
		super(name, emulator);
	}

	/**
	 * Provide the real values from now on, because all beans are registered.
	 */
	void open() {
		this.open = true;
	}

	@Override
	public String[] getPropertyNames() {
		return new String[] { API_SERVER, API_KEY };
	}

	@Override
	public @Nullable Object getProperty(String name) {
		return switch (name) {
			case API_SERVER -> this.open ? getSource().getObject().apiServer() : "http://127.0.0.1:0";
			case API_KEY -> this.open ? getSource().getObject().apiKey() : "not-known-yet";
			default -> null;
		};
	}

}
