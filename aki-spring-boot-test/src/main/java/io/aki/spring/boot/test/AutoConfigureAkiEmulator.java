package io.aki.spring.boot.test;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.springframework.boot.autoconfigure.ImportAutoConfiguration;

/**
 * Starts an {@link AkiEmulator} with the application context of a Spring test. The
 * {@code AkiClient} of the application uses the emulator. Properties and connection
 * details of the application have no effect on this. Inject {@link AkiEmulator} to
 * simulate failures and to check requests.
 * <p>
 * The annotation also adds the {@code AkiClient} to tests of a slice, such as
 * {@code @WebMvcTest}. A client whose builder sets the server or the key does not use the
 * emulator.
 * <p>
 * The emulator exists as long as its application context, even if the context is in the
 * context cache. Beans of type {@link AkiEmulatorCustomizer} customize the emulator. A
 * bean of type {@link AkiEmulator} replaces it.
 * <p>
 * The emulator is {@link AkiEmulator#reset() reset} after each test method. Tests that
 * run in parallel and use the same context share the emulator. If another test is running
 * when a test method ends, the emulator is not reset. Only the faults and replies that
 * the ended test added in its own thread are removed. Requests and jobs remain. To give a
 * test class its own emulator, set another {@link #seed()}.
 *
 * @since 1.0.0
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Inherited
@ImportAutoConfiguration
public @interface AutoConfigureAkiEmulator {

	/**
	 * Set the speed of the workers, see {@link AkiEmulator.Builder#pace(double)}. The
	 * default of 100 is a hundred times faster than the server.
	 * @return the factor, greater than 0
	 */
	double pace() default 100;

	/**
	 * Set the seed of the random values, see {@link AkiEmulator.Builder#seed(long)}. The
	 * default is 1.
	 * @return any number
	 */
	long seed() default 1;

}
