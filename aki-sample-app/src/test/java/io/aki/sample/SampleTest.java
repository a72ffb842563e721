package io.aki.sample;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;

/**
 * Starts the sample on a free port with a fast emulator. An API key in the environment is
 * ignored.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT, properties = { "AKI_API_KEY=", "aki.io.api-key=",
		"aki.io.emulator.pace=5", "aki.io.tasks.report-interval=50ms", "aki.io.web.heartbeat=100ms" })
public @interface SampleTest {

}
