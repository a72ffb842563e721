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
 * {@code AkiClient} of the application uses the emulator, whatever the properties and
 * beans of the application are. Inject {@link AkiEmulator} to simulate failures and to
 * check requests.
 * <p>
 * The annotation also adds the {@code AkiClient} to tests of a slice, such as
 * {@code @WebMvcTest}. A client whose builder sets the server or the key does not use the
 * emulator.
 * <p>
 * The emulator exists as long as its context, also in the context cache. Beans of type
 * {@link AkiEmulatorCustomizer} customize it. A bean of type {@link AkiEmulator} replaces
 * it.
 * <p>
 * After each test method it is {@link AkiEmulator#reset() reset}. Tests that run in
 * parallel on one context share the emulator: while another one runs, only the faults and
 * replies are taken away that the test has added on its own thread, and requests and jobs
 * stay. Tests that are to have an emulator of their own take another {@link #seed()}.
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
	 * Set the speed of the workers, see {@link AkiEmulator.Builder#pace(double)}.
	 * @return the factor, greater than 0
	 */
	double pace() default 100;

	/**
	 * Set the seed of the random values, see {@link AkiEmulator.Builder#seed(long)}.
	 * @return any number
	 */
	long seed() default 1;

}
