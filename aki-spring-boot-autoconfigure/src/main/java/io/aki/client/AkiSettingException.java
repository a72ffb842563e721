package io.aki.client;

/**
 * A setting of a client is invalid. The message says why and gives a valid example. It
 * never contains an API key.
 *
 * @since 1.0.0
 */
public final class AkiSettingException extends IllegalArgumentException {

	private static final long serialVersionUID = 1L;

	/** The setting's name. */
	private final String setting;

	/** The message without the setting's name. */
	private final String reason;

	AkiSettingException(String setting, String reason) {
		super("'" + setting + "' " + reason);
		this.setting = setting;
		this.reason = reason;
	}

	/**
	 * Return the setting.
	 * @return the name of the method of {@link AkiClient.Builder}, such as
	 * {@code progressInterval}, with {@code retry.} before those of
	 * {@link AkiRetryPolicy}
	 */
	public String setting() {
		return this.setting;
	}

	/**
	 * Return the reason and a valid example.
	 * @return the message without the setting's name
	 */
	public String reason() {
		return this.reason;
	}

	static void check(boolean usable, String setting, String reason) {
		if (!usable) {
			throw new AkiSettingException(setting, reason);
		}
	}

}
