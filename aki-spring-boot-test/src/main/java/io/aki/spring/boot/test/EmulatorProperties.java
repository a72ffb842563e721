package io.aki.spring.boot.test;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Properties of an emulator in an application.
 *
 * @param enabled Whether to start an emulator in the process and use it instead of
 * AKI.IO.
 * @param onlyWithoutKey Whether to start the emulator only if no API key is set.
 * @param pace Speed of the emulator. 1 is realistic, 20 is twenty times faster.
 */
@ConfigurationProperties("aki.io.emulator")
record EmulatorProperties(@DefaultValue("false") boolean enabled, @DefaultValue("false") boolean onlyWithoutKey,
		@DefaultValue("1") double pace) {

}
