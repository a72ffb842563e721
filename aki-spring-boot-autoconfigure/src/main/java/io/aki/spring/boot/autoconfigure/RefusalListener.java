package io.aki.spring.boot.autoconfigure;

/**
 * Told about requests that a guard has refused.
 */
@FunctionalInterface
interface RefusalListener {

	RefusalListener NONE = (endpoint, reason) -> {
	};

	/**
	 * A request was refused.
	 * @param reason one of a few values
	 */
	void refused(String endpoint, String reason);

}
