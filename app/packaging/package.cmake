# CPack: written with ./dev package
