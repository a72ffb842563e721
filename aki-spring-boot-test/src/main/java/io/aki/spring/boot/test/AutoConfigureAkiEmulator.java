package io.aki.spring.boot.test;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.springframework.boot.autoconfigure.ImportAutoConfiguration;

/**
 * Starts an {@link AkiEmulator} with the application context of a Spring test, and points
 * the application at it: whatever the properties and beans of the application say, its
 * {@code AkiClient} talks to the emulator. Inject {@link AkiEmulator} to have things go
 * wrong and to look at requests.
 * <p>
 * It also brings the {@code AkiClient} into tests of a slice, such as those with
 * {@code @WebMvcTest}. A client that sets its server or its key itself, on the builder,
 * is not pointed at the emulator.
 * <p>
 * The emulator lives as long as its context, also in the context cache. Beans of type
 * {@link AkiEmulatorCustomizer} describe it further, and a bean of type
 * {@link AkiEmulator} takes its place.
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
	 * How fast the workers are, see {@link AkiEmulator.Builder#pace(double)}.
	 * @return the factor, greater than 0
	 */
	double pace() default 100;

	/**
	 * Determines what is left to chance, see {@link AkiEmulator.Builder#seed(long)}.
	 * @return any number
	 */
	long seed() default 1;

}
