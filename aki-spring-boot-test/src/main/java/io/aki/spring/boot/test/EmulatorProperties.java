package io.aki.spring.boot.test;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * An emulator in an application that is no test.
 *
 * @param enabled Whether an emulator in the process answers in place of AKI.IO.
 * @param onlyWithoutKey Whether an API key that is set keeps the emulator from being
 * started.
 * @param pace How fast the emulator is; 1 is life-like, 20 is twenty times faster.
 */
@ConfigurationProperties("aki.io.emulator")
record EmulatorProperties(@DefaultValue("false") boolean enabled, @DefaultValue("false") boolean onlyWithoutKey,
		@DefaultValue("1") double pace) {

}
