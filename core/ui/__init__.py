"""What knows Streamlit, besides the pages: shell, controls, figures, caching."""
