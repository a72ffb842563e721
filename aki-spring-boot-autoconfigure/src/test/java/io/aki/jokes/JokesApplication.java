package io.aki.jokes;

import org.springframework.boot.autoconfigure.SpringBootApplication;

/**
 * An application as users write it, for the tests that {@code docs/testing.md} shows.
 */
@SpringBootApplication
class JokesApplication {

}
